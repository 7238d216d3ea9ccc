/** The most children a node of a tree may have: redrawing more blocks the window. */
export const pageSize = 500;

/** The first `shown` of a list, and how many are left. */
export function paged<T>(items: readonly T[], shown: number): { items: readonly T[]; left: number } {
  return { items: items.slice(0, shown), left: Math.max(0, items.length - shown) };
}
