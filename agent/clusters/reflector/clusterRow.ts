import type { ClusterRow, Column } from '../../protocol/clusters';
import { cut } from '../../text/cut';
import { healthOf } from '../problems/healthOf';
import type { ObjectMeta, ServerRow, ServerTable } from './serverTable';

/** Characters of one cell. */
const mostOfCell = 1000;
/** Columns that a table has at most. */
const mostColumns = 50;

/** The columns that a server printed. */
export function columnsOf({ columnDefinitions }: ServerTable): Column[] {
  return (columnDefinitions ?? []).slice(0, mostColumns).map(({ name, type, priority, description }) => ({
    name: cut(name, 200),
    type,
    priority: priority ?? 0,
    ...(description !== undefined && { description: cut(description, 300) }),
  }));
}

/** What a row is of: the kind's id and the columns of its table. */
export interface RowOf {
  readonly kind: string;
  readonly columns: readonly Column[];
  readonly now: number;
}

/** A row as the protocol tells it. Undefined where it names no object. `isWhole`: the object has more than its metadata. */
export function clusterRow(
  { cells, object }: ServerRow,
  { kind, columns, now }: RowOf,
  isWhole: boolean,
): ClusterRow | undefined {
  const meta = object?.metadata;
  if (meta?.name === undefined) return undefined;
  const restarts = columns.findIndex(({ name }) => name === 'Restarts');
  const printed = cells.slice(0, columns.length).map((cell, index) => cellOf(cell, columns[index]));
  const { state, problem } = healthOf({ kind, meta, columns, cells: printed, ...(isWhole && { object }) });
  const owner = meta.ownerReferences?.find(({ controller }) => controller === true);
  const workload = workloadOf(kind, meta);
  const restartedAt = restartOf(cells[restarts], now);
  const labels = labelsOf(kind, meta);
  return {
    uid: meta.uid ?? `${meta.namespace ?? ''}/${meta.name}`,
    ...(meta.namespace !== undefined && meta.namespace !== '' && { namespace: meta.namespace }),
    name: meta.name,
    cells: printed,
    createdAt: timeOf(meta.creationTimestamp) ?? 0,
    ...(restartedAt !== undefined && { restartedAt }),
    state,
    ...(problem && { problem }),
    ...(owner && { owner: { uid: owner.uid, kind: owner.kind, name: owner.name } }),
    ...(workload && { workload }),
    ...(labels && { labels }),
  };
}

/** Milliseconds since 1970 of a time as the API writes it. */
export function timeOf(text: unknown): number | undefined {
  const time = typeof text === 'string' ? Date.parse(text) : NaN;
  return Number.isFinite(time) ? time : undefined;
}

function cellOf(cell: unknown, column: Column | undefined): ClusterRow['cells'][number] {
  if (column?.name === 'Age') return null;
  if (typeof cell === 'string') {
    // When it was is another text soon.
    const text = column?.name === 'Restarts' ? cell.replace(/ \(.*ago\)$/, '') : cell;
    return cut(text, mostOfCell);
  }
  if (typeof cell === 'number' || typeof cell === 'boolean') return cell;
  return cell === null || cell === undefined ? null : cut(JSON.stringify(cell), mostOfCell);
}

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  y: 31_536_000_000,
};

/** `3 (5m10s ago)`: https://github.com/kubernetes/apimachinery/blob/v0.34.0/pkg/util/duration/duration.go */
function restartOf(cell: unknown, now: number): number | undefined {
  const ago = typeof cell === 'string' ? /\((.*) ago\)$/.exec(cell)?.[1] : undefined;
  if (ago === undefined) return undefined;
  const parts = [...ago.matchAll(/(\d+)([smhdy])/g)];
  return now - parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0);
}

/** A ReplicaSet is called as its Deployment and a hash, which its pods have as a label. */
function workloadOf(kind: string, { labels, name, ownerReferences }: ObjectMeta): ClusterRow['workload'] {
  const hash = labels?.['pod-template-hash'];
  const owner = ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  if (kind !== 'pods') return { kind: owner.kind, name: owner.name };
  const isOfSet = owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`);
  if (isOfSet) return { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) };
  return name === owner.name ? undefined : { kind: owner.kind, name: owner.name };
}

/** Without these a row of Helm's Secrets means nothing. */
function labelsOf(kind: string, { labels }: ObjectMeta): Record<string, string> | undefined {
  if (kind !== 'secrets' && kind !== 'configmaps') return undefined;
  if (labels?.['owner'] !== 'helm') return undefined;
  const wanted = ['name', 'owner', 'status', 'version'];
  return Object.fromEntries(wanted.flatMap(name => (labels[name] ? [[name, cut(labels[name], 200)]] : [])));
}

/** Whether the object is worth being asked for whole: a row that its cells say is not well. */
export function isWorthAsking({ state, problem }: Pick<ClusterRow, 'state' | 'problem'>): boolean {
  return problem !== undefined || state === 'failed' || state === 'terminating' || state === 'progressing';
}
