/** Combinations of a matrix that one check may have. */
export const mostCombinations = 1000;

/** All combinations of a matrix's values; one without any where there is no matrix. */
export function combinations(matrix: Readonly<Record<string, readonly string[]>>): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const [key, given] of Object.entries(matrix)) {
    // No more is looked at than would be too many.
    const values = given.slice(0, mostCombinations + 1);
    const before = all.slice(0, Math.ceil((mostCombinations + 1) / Math.max(1, values.length)));
    const isCut = before.length < all.length || values.length < given.length;
    all = before.flatMap(each => values.map(value => ({ ...each, [key]: value })));
    if (isCut || all.length > mostCombinations) return all.slice(0, mostCombinations + 1);
  }
  return all;
}

/** A value with `${{ matrix.KEY }}` filled in, wherever text stands in it. */
export function fillMatrix(value: unknown, chosen: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replace(reference, (whole, key: string) =>
      Object.hasOwn(chosen, key) ? (chosen[key] ?? '') : whole,
    );
  }
  if (Array.isArray(value)) return value.map(each => fillMatrix(each, chosen));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillMatrix(each, chosen)]));
}

const reference = /\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g;
