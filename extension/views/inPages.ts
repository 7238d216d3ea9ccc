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
  const next = from + pageSize;
  const left = rows.length - next;
  if (left <= 0) return rows.slice(from);
  const label = left > pageSize ? `Next ${pageSize} of ${left.toLocaleString('en')}…` : `${left} more…`;
  return [
    ...rows.slice(from, next),
    { kind: 'more', id: moreId(id, next), label, open: () => inPages(rows, id, next) },
  ];
}

/** Identifies the row that opens to what follows the first `from` rows of a list. */
export function moreId(list: string, from: number): string {
  return `${list}/from-${from}`;
}
