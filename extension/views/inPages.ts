/** The most children a node of a tree may have: redrawing more blocks the window. */
export const pageSize = 500;

/** The last row of a long list: it opens to the rows that follow. */
export interface MoreRow<T> {
  readonly kind: 'more';
  readonly id: string;
  readonly label: string;
  /** May have to be fetched. */
  readonly open: () => Rows<T> | Promise<Rows<T>>;
}

export type Rows<T> = (T | MoreRow<T>)[];

/** At most {@link pageSize} rows from `from` on, and one that opens to the next if there are more. `id` is the list's. */
export function inPages<T>(rows: readonly T[], id: string, from = 0): Rows<T> {
  return pagesOf(rows, id, row => row, from);
}

/** The same of things whose rows are made only where they are shown. */
export function pagesOf<T, R>(all: readonly T[], id: string, rowOf: (each: T) => R, from = 0): Rows<R> {
  const next = from + pageSize;
  const left = all.length - next;
  const rows = all.slice(from, next).map(rowOf);
  if (left <= 0) return rows;
  const label = left > pageSize ? `Next ${pageSize} of ${left.toLocaleString('en')}…` : `${left} more…`;
  return [...rows, { kind: 'more', id: moreId(id, next), label, open: () => pagesOf(all, id, rowOf, next) }];
}

/** Identifies the row that opens to what follows the first `from` rows of a list. */
export function moreId(list: string, from: number): string {
  return `${list}/from-${from}`;
}
