import type { ClusterRow, Kind } from '../../../agent/protocol/clusters';
import type { Context } from '../../../agent/protocol/contexts';
import type { ClusterFeed, TableKey } from '../../agent/clusterFeed';
import { commands } from '../../commands/names';
import { inPages, pagesOf, type Rows } from '../inPages';
import type { HelmReleases } from './helmReleases';
import { releaseRows } from './helmRows';
import {
  kindNode,
  message,
  namespaceNode,
  objectNode,
  sectionNode,
  type ClusterNode,
  type KindNode,
  type MessageNode,
  type NamespaceNode,
  type ObjectNode,
  type SectionNode,
} from './clusterNode';
import { tableTrouble } from './clusterWords';
import { byName, byProblem, rowsByName } from './rowOrder';
import { kindsOf, sectionsOf } from './sections';

/** What is known of clusters; the window's feed, or data of a test. */
export type KnownClusters = Pick<
  ClusterFeed,
  'found' | 'failure' | 'isLive' | 'context' | 'kinds' | 'downGroups' | 'table' | 'isWanted'
>;

/** What a person chose to see. */
export interface ClusterChoice {
  /** Parts of names. */
  readonly filter: string;
  /** Namespaces that come first, by context. */
  readonly favourites: Readonly<Record<string, readonly string[]>>;
  /** Namespaces that a person named, because they may not be listed, by context. */
  readonly named: Readonly<Record<string, readonly string[]>>;
}

/** The Clusters view as data: which rows there are, of what is known and what a person chose to see. */
export class ClusterModel {
  readonly #known: KnownClusters;
  readonly #releases: Pick<HelmReleases, 'of'>;
  readonly #choice: () => ClusterChoice;

  constructor(known: KnownClusters, releases: Pick<HelmReleases, 'of'>, choice: () => ClusterChoice) {
    this.#known = known;
    this.#releases = releases;
    this.#choice = choice;
  }

  /** Whether what is known of a cluster is so now. */
  isLive(context: string): boolean {
    return this.#known.isLive && this.#known.context(context)?.state.kind === 'connected';
  }

  /** The tables that rows below a node are made of. */
  tablesFor(node: ClusterNode): TableKey[] {
    if (node.kind === 'context') {
      const kind = this.#kinds(node.context).find(({ id }) => id === 'namespaces');
      return kind === undefined ? [] : [{ context: node.context, kind: 'namespaces' }];
    }
    if (node.kind === 'section' && node.section !== 'custom')
      return this.#kindsIn(node).map(({ id }) => keyOf(node, id));
    if (node.kind === 'kind') return [keyOf(node, node.of)];
    return [];
  }

  /** What stands below a context's row. */
  inContext(id: string): Rows<ClusterNode> {
    const context = this.#known.context(id);
    if (context === undefined) return [];
    if (!this.#known.isWanted(id)) return [notConnected(id)];
    const kinds = this.#known.kinds(id);
    const trouble = troubleRows(context, kinds === undefined);
    if (kinds === undefined) return trouble;
    const clusterWide = sectionsOf(kinds, false).map(section => sectionNode(id, section, undefined));
    return [...trouble, ...clusterWide, ...this.#namespaces(context), ...this.#down(id)];
  }

  inNamespace({ context, namespace }: NamespaceNode): ClusterNode[] {
    return sectionsOf(this.#kinds(context), true).map(section => sectionNode(context, section, namespace));
  }

  inSection(node: SectionNode): Rows<ClusterNode> {
    const { context, namespace, section } = node;
    if (section === 'custom') {
      const kinds = this.#kindsIn(node).map(({ id }) => kindNode(context, id, namespace));
      return inPages(kinds, node.id);
    }
    if (section !== 'helm') return this.#objects(node, this.tablesFor(node));
    const { filter } = this.#choice();
    const known = this.#releases.of(context, namespace ?? '');
    return releaseRows(node, known, name => matches(name, filter));
  }

  inKind(node: KindNode): Rows<ClusterNode> {
    return this.#objects(node, this.tablesFor(node));
  }

  /** What a workload made: its pods, of a CronJob its Jobs. */
  inObject(node: ObjectNode): ClusterNode[] {
    const own = this.row(node);
    if (own === undefined) return [];
    const { context, within } = node;
    const made = ['jobs.batch', 'pods'].flatMap(kind =>
      this.#rowsOf({ context, kind, namespace: within })
        .filter(row => isMadeBy(row, own, kindName(node.of)))
        .map(row => ({ kind, row })),
    );
    return byProblem(made, ({ row }) => row).map(({ kind, row }) =>
      objectNode(context, kind, row.uid, within),
    );
  }

  /** Whether an object's row has rows below it. */
  opens({ of }: ObjectNode): boolean {
    return makers.has(of) || of === 'pods';
  }

  row({ context, of, within, uid }: ObjectNode): ClusterRow | undefined {
    return this.#known.table({ context, kind: of, namespace: within })?.rows.get(uid);
  }

  /** The namespace itself, where namespaces may be listed. */
  namespace({ context, namespace }: NamespaceNode): ClusterRow | undefined {
    for (const row of this.#known.table({ context, kind: 'namespaces' })?.rows.values() ?? [])
      if (row.name === namespace) return row;
    return undefined;
  }

  columnsOf({ context, of, within }: ObjectNode) {
    return this.#known.table({ context, kind: of, namespace: within })?.columns ?? [];
  }

  /** How many rows of a section have a problem; undefined where nothing is known of it. */
  problemsIn(node: SectionNode | KindNode): { all: number; problems: number } | undefined {
    if (node.kind === 'section' && node.section === 'helm') {
      const releases = this.#releases.of(node.context, node.namespace ?? '')?.releases;
      return releases && countsOf([releases]);
    }
    const tables = this.tablesFor(node).map(key => this.#known.table(key));
    if (!tables.some(table => table?.complete)) return undefined;
    return countsOf(tables.map(table => table?.rows.values() ?? []));
  }

  #kinds(context: string): readonly Kind[] {
    return this.#known.kinds(context) ?? [];
  }

  #kindsIn({ context, section, namespace }: SectionNode): Kind[] {
    return kindsOf(section, this.#kinds(context), namespace !== undefined);
  }

  /** Those that a person chose first, then the context's own, then all others. */
  #namespaces(context: Context): Rows<ClusterNode> {
    const { id } = context;
    const key = { context: id, kind: 'namespaces' };
    const table = this.#known.table(key);
    const listed = [...(table?.rows.values() ?? [])].map(({ name }) => name);
    const { favourites, named, filter } = this.#choice();
    const stars = favourites[id] ?? [];
    const own = listed.length > 0 ? [] : [...(named[id] ?? []), context.namespace || 'default'];
    const all = [...new Set([...stars, ...own, ...listed])].filter(name => matches(name, filter));
    const order = (name: string) => (stars.includes(name) ? 0 : name === context.namespace ? 1 : 2);
    const sorted = all.sort((a, b) => order(a) - order(b) || byName.compare(a, b));
    const nodes = sorted.map(name => namespaceNode(id, name));
    const trouble = table === undefined ? undefined : tableTrouble(table.state);
    return [
      ...inPages(nodes, `${id}/namespaces`),
      ...(trouble === undefined ? [] : [askNamespace(id, trouble)]),
    ];
  }

  #objects(node: SectionNode | KindNode, keys: readonly TableKey[]): Rows<ClusterNode> {
    const { filter } = this.#choice();
    const tables = keys.map(key => ({ key, table: this.#known.table(key) }));
    const shown = this.#makers(keys);
    const rows = keys.flatMap(key =>
      this.#rowsOf(key)
        .filter(row => matches(row.name, filter) && !isMadeByOneOf(row, shown))
        .map(row => ({ kind: key.kind, row })),
    );
    const placed = byProblem(rows, ({ row }) => row);
    // Where the cluster cannot be reached its own row says so, once.
    const isLive = this.isLive(node.context);
    const troubles = tables.flatMap(({ key, table }) => {
      const trouble = table === undefined || !isLive ? undefined : tableTrouble(table.state);
      return trouble === undefined ? [] : [troubleRow(node, key.kind, trouble)];
    });
    const more = tables.reduce((sum, { table }) => sum + (table?.more ?? 0), 0);
    const rest = [...troubles, ...(more > 0 ? [notShown(node, more)] : [])];
    const nodeOf = ({ kind, row }: (typeof placed)[number]) =>
      objectNode(node.context, kind, row.uid, node.namespace);
    if (placed.length > 0) return [...rest, ...pagesOf(placed, node.id, nodeOf)];
    if (rest.length > 0) return rest;
    const isKnown = tables.every(({ table }) => table?.complete);
    return [isKnown ? this.#nothing(node) : message(`${node.id}/reading`, 'Reading…', { icon: 'clock' })];
  }

  /** By name. */
  #rowsOf(key: TableKey): ClusterRow[] {
    const table = this.#known.table(key);
    return table === undefined ? [] : rowsByName(table);
  }

  /** What rows of these tables make: what is made stands below it. */
  #makers(keys: readonly TableKey[]): ReadonlySet<string> {
    const found = new Set<string>();
    for (const key of keys) {
      const kind = makers.get(key.kind);
      if (kind === undefined) continue;
      for (const row of this.#rowsOf(key)) found.add(row.uid).add(workloadOf(kind, row));
    }
    return found;
  }

  #nothing({ id }: SectionNode | KindNode): MessageNode {
    const { filter } = this.#choice();
    if (filter === '') return message(`${id}/nothing`, 'None');
    const command = { command: commands.clearClusterFilter, title: 'Show All' };
    return message(`${id}/nothing`, `Nothing matches “${filter}”.`, {
      ...{ description: 'Show all', icon: 'filter-filled', command },
    });
  }

  #down(context: string): MessageNode[] {
    return this.#known.downGroups(context).map(({ group, message: why }) =>
      message(`${context}/down/${group}`, `${group} does not answer`, {
        ...{ description: why, tooltip: why, icon: 'warning' },
      }),
    );
  }
}

function countsOf(tables: readonly Iterable<Pick<ClusterRow, 'problem'>>[]): {
  all: number;
  problems: number;
} {
  let [all, problems] = [0, 0];
  for (const rows of tables)
    for (const { problem } of rows) {
      all += 1;
      if (problem !== undefined) problems += 1;
    }
  return { all, problems };
}

/** What makes pods, or what makes what makes them. */
const makers = new Map([
  ['deployments.apps', 'Deployment'],
  ['statefulsets.apps', 'StatefulSet'],
  ['daemonsets.apps', 'DaemonSet'],
  ['cronjobs.batch', 'CronJob'],
  ['jobs.batch', 'Job'],
]);

function kindName(id: string): string {
  return makers.get(id) ?? id;
}

function isMadeBy(row: ClusterRow, maker: ClusterRow, kind: string): boolean {
  if (row.owner?.uid === maker.uid) return true;
  const { workload } = row;
  return workload?.kind === kind && workload.name === maker.name && row.namespace === maker.namespace;
}

function isMadeByOneOf({ owner, workload, namespace }: ClusterRow, shown: ReadonlySet<string>): boolean {
  if (shown.size === 0) return false;
  if (owner !== undefined && shown.has(owner.uid)) return true;
  return workload !== undefined && shown.has(workloadOf(workload.kind, { namespace, name: workload.name }));
}

function workloadOf(kind: string, { namespace, name }: Pick<ClusterRow, 'namespace' | 'name'>): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

function keyOf({ context, namespace }: SectionNode | KindNode, kind: string): TableKey {
  return { context, kind, ...(namespace !== undefined && { namespace }) };
}

function matches(name: string, filter: string): boolean {
  if (filter === '') return true;
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every(part => name.toLowerCase().includes(part));
}

function notConnected(context: string): MessageNode {
  const command = { command: commands.retryContext, title: 'Connect', arguments: [{ context }] };
  return message(`${context}/let-go`, 'Not connected.', { description: 'Connect', icon: 'plug', command });
}

/** What there is to say before, or in place of, what a cluster has. */
function troubleRows({ id, server, state }: Context, nothingElse: boolean): MessageNode[] {
  if (state.kind === 'failed')
    return [
      message(`${id}/state`, state.message, {
        icon: 'warning',
        tooltip: [state.message, state.hint ?? ''].join('\n').trim(),
      }),
      ...(state.hint === undefined ? [] : [message(`${id}/hint`, state.hint, { icon: 'lightbulb' })]),
    ];
  if (!nothingElse) return [];
  const what =
    state.kind === 'connected'
      ? 'Reading what the cluster has…'
      : `Connecting to ${server || 'the cluster'}…`;
  return [message(`${id}/state`, what, { icon: 'clock' })];
}

function askNamespace(context: string, { text, hint }: { text: string; hint: string }): MessageNode {
  const command = {
    command: commands.showNamespace,
    title: 'Type a Namespace…',
    arguments: [{ context }],
  };
  return message(`${context}/namespaces/trouble`, 'Type a namespace…', {
    ...{ description: text, tooltip: hint === '' ? text : hint, icon: 'add', command },
  });
}

function troubleRow(
  { id }: SectionNode | KindNode,
  kind: string,
  { text, hint }: { text: string; hint: string },
): MessageNode {
  return message(`${id}/trouble/${kind}`, kind, {
    ...{ description: text, tooltip: [text, hint].join('\n').trim(), icon: 'warning' },
  });
}

function notShown({ id }: SectionNode | KindNode, count: number): MessageNode {
  return message(`${id}/more`, `${count.toLocaleString('en')} more are not shown.`, {
    description: 'Choose a namespace, or filter',
    icon: 'info',
  });
}
