import type { ContainerRow, EngineRow } from '../../../agent/protocol/containers';
import { conditionOf, isUp } from './containerWords';
import type { BundledBy } from './containerNode';

/** How containers are put together. */
export type Grouping =
  { readonly by: 'project' } | { readonly by: 'nothing' } | { readonly by: 'label'; readonly label: string };

/** What a person chose to see. */
export interface TreeChoice {
  readonly grouping: Grouping;
  readonly hideStopped: boolean;
  /** A part of a name, an image, a label's value or a state; empty: everything. */
  readonly filter: string;
}

/** A row among containers: one of them, or several under one row. */
export type Placed =
  | { readonly kind: 'container'; readonly row: ContainerRow }
  | { readonly kind: 'bundle'; readonly by: BundledBy; readonly rows: readonly ContainerRow[] };

/** The containers that a person wants to see, in order: problems first, what runs next, then by name. */
export function chosenContainers(
  rows: Iterable<ContainerRow>,
  { hideStopped, filter }: Pick<TreeChoice, 'hideStopped' | 'filter'>,
  now = Date.now(),
): ContainerRow[] {
  const wanted = [...rows].filter(row => !(hideStopped && isIdle(row)) && matches(row, filter));
  return wanted.sort((a, b) => urgency(a, now) - urgency(b, now) || compare(a.name, b.name));
}

/** Stopped without a problem; what has failed is never hidden. */
function isIdle(row: ContainerRow): boolean {
  return !isUp(row) && conditionOf(row) !== 'problem';
}

/** What stands below *Containers*. Groups that have a problem come first; single ones last, as they belong to none. */
export function topLevel(rows: readonly ContainerRow[], grouping: Grouping): Placed[] {
  if (grouping.by === 'nothing') return rows.map(row => ({ kind: 'container', row }));
  const by = (row: ContainerRow) => bundleOf(row, grouping);
  return bundled(rows, by).sort(
    (a, b) => Number(isProblem(b)) - Number(isProblem(a)) || compareBundles(a, b),
  );
}

/** What stands below a bundle. A service with one container is that container. */
export function withinBundle(rows: readonly ContainerRow[], by: BundledBy): Placed[] {
  if ('label' in by || by.service !== undefined) return rows.map(row => ({ kind: 'container', row }));
  return bundled(rows, ({ service }) => (service === undefined ? undefined : { ...by, service })).flatMap(
    (placed): Placed[] => {
      const [only] = placed.kind === 'bundle' && placed.rows.length === 1 ? placed.rows : [];
      return [only === undefined ? placed : { kind: 'container', row: only }];
    },
  );
}

/** Whether a container is part of a bundle. */
export function belongs(row: ContainerRow, by: BundledBy): boolean {
  if ('label' in by) return labelOf(row, by.label) === by.value;
  return row.project === by.project && (by.service === undefined || row.service === by.service);
}

/** Labels by which containers could be put together, with how many have them; those of most containers first. */
export function labelsOf(rows: Iterable<ContainerRow>): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { labels } of rows) {
    for (const label of Object.keys(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || compare(a.label, b.label));
}

/** Whether a thing has the text of a filter in what a person would know it by. */
export function matches(row: EngineRow, filter: string): boolean {
  const words = filter.trim().toLowerCase().split(/\s+/);
  if (words.length === 1 && words[0] === '') return true;
  const texts = textsOf(row).map(text => text.toLowerCase());
  const id = row.id.replace(/^sha256:/, '');
  return words.every(
    word => texts.some(text => text.includes(word)) || (isIdPart(word) && id.startsWith(word)),
  );
}

/** Ids are hexadecimal: any shorter part would be found in many. */
function isIdPart(word: string): boolean {
  return /^[\da-f]{4,}$/.test(word);
}

function textsOf(row: EngineRow): string[] {
  switch (row.kind) {
    case 'container':
      return [
        row.name,
        row.image,
        row.state,
        row.health ?? '',
        row.project ?? '',
        row.service ?? '',
        ...Object.values(row.labels),
      ];
    case 'image':
      return [...row.tags];
    case 'volume':
      return [row.id, row.driver, row.project ?? ''];
    case 'network':
      return [row.name, row.driver, row.project ?? '', ...row.subnets];
  }
}

function bundled(rows: readonly ContainerRow[], by: (row: ContainerRow) => BundledBy | undefined): Placed[] {
  const bundles = new Map<string, { by: BundledBy; rows: ContainerRow[] }>();
  const single: Placed[] = [];
  for (const row of rows) {
    const key = by(row);
    if (key === undefined) single.push({ kind: 'container', row });
    else {
      const id = JSON.stringify(key);
      const known = bundles.get(id);
      if (known === undefined) bundles.set(id, { by: key, rows: [row] });
      else known.rows.push(row);
    }
  }
  return [...[...bundles.values()].map((bundle): Placed => ({ kind: 'bundle', ...bundle })), ...single];
}

function bundleOf(row: ContainerRow, grouping: Exclude<Grouping, { by: 'nothing' }>): BundledBy | undefined {
  if (grouping.by === 'project') return row.project === undefined ? undefined : { project: row.project };
  const value = labelOf(row, grouping.label);
  return value === undefined ? undefined : { label: grouping.label, value };
}

function labelOf({ labels }: ContainerRow, label: string): string | undefined {
  return Object.hasOwn(labels, label) ? labels[label] : undefined;
}

function isProblem(placed: Placed): boolean {
  const rows = placed.kind === 'bundle' ? placed.rows : [placed.row];
  return rows.some(row => conditionOf(row) === 'problem');
}

/** Bundles by name, then single containers as they are. */
function compareBundles(a: Placed, b: Placed): number {
  if (a.kind === 'bundle' && b.kind === 'bundle') return compare(nameOf(a.by), nameOf(b.by));
  return Number(a.kind === 'container') - Number(b.kind === 'container');
}

/** What a bundle is called. */
export function nameOf(by: BundledBy): string {
  return 'label' in by ? by.value : (by.service ?? by.project);
}

function urgency(row: ContainerRow, now: number): number {
  if (conditionOf(row) === 'problem' || row.state === 'restarting' || isRestless(row, now)) return 0;
  return isUp(row) ? 1 : 2;
}

/** Was started again by its engine a moment ago: it keeps its place while it comes and goes. */
function isRestless({ state, restarts = 0, since = 0 }: ContainerRow, now: number): boolean {
  return state === 'running' && restarts > 0 && now - since < restlessMs;
}

/** Longer than an engine waits between two tries: a minute. https://docs.docker.com/engine/containers/start-containers-automatically/ */
const restlessMs = 90_000;

const collator = new Intl.Collator('en', { numeric: true });

function compare(a: string, b: string): number {
  return collator.compare(a, b);
}
