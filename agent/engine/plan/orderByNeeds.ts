/** Cells in the order they run. `cycle`: cells that need each other in a circle, if some do. */
export interface Order {
  readonly order: number[];
  readonly cycle?: number[];
}

/**
 * Puts the cells and what they need in order: each after its needs, otherwise as given. Walks with a path of its
 * own in place of recursion: a chain of needs may be longer than the stack is deep.
 */
export function orderByNeeds(chosen: readonly number[], needsOf: (cell: number) => readonly number[]): Order {
  const order: number[] = [];
  const done = new Set<number>();
  for (const cell of chosen) {
    const path = [{ cell, needs: needsOf(cell) }];
    const onPath = new Set([cell]);
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const next = at.needs.find(need => !done.has(need));
      if (next === undefined) {
        path.pop();
        onPath.delete(at.cell);
        if (!done.has(at.cell)) order.push(at.cell);
        done.add(at.cell);
        continue;
      }
      if (onPath.has(next)) {
        const circle = path.map(step => step.cell);
        return { order, cycle: circle.slice(circle.indexOf(next)) };
      }
      path.push({ cell: next, needs: needsOf(next) });
      onPath.add(next);
    }
  }
  return { order };
}
