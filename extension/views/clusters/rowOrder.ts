import type { ClusterRow, Problem } from '../../../agent/protocol/clusters';
import type { TableMirror } from '../../agent/tableMirror';

/** As people count: `web-2` before `web-10`. */
export const byName = new Intl.Collator('en', { numeric: true });

interface Order {
  readonly members: number;
  readonly uids: readonly string[];
}

const orders = new WeakMap<TableMirror, Order>();

/**
 * The rows of a table by name. The order is kept while none comes or goes: 10,000 rows that are sorted whenever one of them
 * changes block the window.
 */
export function rowsByName(table: TableMirror): ClusterRow[] {
  const { rows } = table;
  const known = orders.get(table);
  const order = known?.members === table.members ? known : sorted(table, known);
  orders.set(table, order);
  return order.uids.flatMap(uid => rows.get(uid) ?? []);
}

/** What is sorted already comes first: then it costs little more than what is new. */
function sorted({ rows, members }: TableMirror, before: Order | undefined): Order {
  const old = (before?.uids ?? []).filter(uid => rows.has(uid));
  const isOld = new Set(old);
  const fresh = [...rows.keys()].filter(uid => !isOld.has(uid));
  const names = new Map([...rows].map(([uid, { name }]) => [uid, name]));
  const compare = (a: string, b: string): number => byName.compare(names.get(a) ?? '', names.get(b) ?? '');
  return { members, uids: [...old, ...fresh.sort(compare)].sort(compare) };
}

/** Those with an error first, then with a warning, then all others; otherwise in their order. */
export function byProblem<T>(
  all: Iterable<T>,
  rowOf: (each: T) => { readonly problem?: Problem | undefined },
): T[] {
  const parts: [T[], T[], T[]] = [[], [], []];
  for (const each of all) {
    const { problem } = rowOf(each);
    parts[problem === undefined ? 2 : problem.severity === 'error' ? 0 : 1].push(each);
  }
  return parts.flat();
}
