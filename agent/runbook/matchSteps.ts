import { cellKeys, type CellKey } from './cellKey';
import type { Runbook } from './model';

/** The recorded step that belongs to a cell. */
export interface StepMatch {
  /** Position among the steps that were given. */
  readonly position: number;
  /** The cell's text is another one than the step's. */
  readonly edited: boolean;
}

/**
 * Finds for each cell the step that is its own: by the author's name, else by section, text and ordinal among
 * equals, else by aligning what is left between steps that were found. Of several steps of one cell the first
 * given one counts, so steps come newest first. The result is by the cell's index; cells without a step are absent.
 */
export function matchSteps(
  steps: readonly CellKey[],
  cells: readonly CellKey[] | Pick<Runbook, 'cells'>,
): Map<number, StepMatch> {
  const keys: readonly CellKey[] = 'cells' in cells ? cellKeys(cells) : cells;
  const found = new Map<number, StepMatch>();
  const used = new Set<number>();
  matchBy(byName, steps, keys, found, used);
  matchBy(byText, steps, keys, found, used);
  alignRest(steps, keys, found, used);
  return found;
}

function byName({ name }: CellKey): string | undefined {
  return name;
}

function byText({ section, hash, ordinal }: CellKey): string {
  return `${section}\n${hash}\n${ordinal}`;
}

function matchBy(
  idOf: (key: CellKey) => string | undefined,
  steps: readonly CellKey[],
  cells: readonly CellKey[],
  found: Map<number, StepMatch>,
  used: Set<number>,
): void {
  const free = new Map<string, number>();
  cells.forEach((cell, index) => {
    const id = idOf(cell);
    if (id !== undefined && !found.has(index)) free.set(id, index);
  });
  steps.forEach((step, position) => {
    const id = idOf(step);
    const index = id === undefined || used.has(position) ? undefined : free.get(id);
    if (index === undefined) return;
    // An older step of the same cell is spoken for as well: it belongs to no other one.
    used.add(position);
    if (!found.has(index)) found.set(index, { position, edited: step.hash !== cells[index]!.hash });
  });
}

/**
 * Pairs what is left in order. A step lies between the same two found steps as before, so only cells between the
 * cells of those can be its own.
 */
function alignRest(
  steps: readonly CellKey[],
  cells: readonly CellKey[],
  found: Map<number, StepMatch>,
  used: ReadonlySet<number>,
): void {
  const left = newestOfEachPlace(steps, used);
  const anchors = [...found].map(([index, { position }]) => ({ cell: index, step: steps[position]!.index }));
  const inOrder = [{ cell: -1, step: -1 }, ...increasing(anchors), { cell: cells.length, step: Infinity }];
  for (let at = 1; at < inOrder.length; at++) {
    const [from, to] = [inOrder[at - 1]!, inOrder[at]!];
    const between = left.filter(
      position => steps[position]!.index > from.step && steps[position]!.index < to.step,
    );
    const free: number[] = [];
    for (let index = from.cell + 1; index < to.cell; index++) if (!found.has(index)) free.push(index);
    for (const [position, index] of align(between, free, (position, index) =>
      likeness(steps[position]!, cells[index]!),
    )) {
      found.set(index, { position, edited: steps[position]!.hash !== cells[index]!.hash });
    }
  }
}

/** Steps not found yet, in the order of their cells; of several for one cell the first given. */
function newestOfEachPlace(steps: readonly CellKey[], used: ReadonlySet<number>): number[] {
  const byIndex = new Map<number, number>();
  steps.forEach((step, position) => {
    if (!used.has(position) && !byIndex.has(step.index)) byIndex.set(step.index, position);
  });
  return [...byIndex].sort(([a], [b]) => a - b).map(([, position]) => position);
}

interface Anchor {
  readonly cell: number;
  readonly step: number;
}

/** Anchors that have not crossed each other: each is kept that goes on from the one before. */
function increasing(anchors: readonly Anchor[]): Anchor[] {
  const kept: Anchor[] = [];
  for (const anchor of [...anchors].sort((a, b) => a.cell - b.cell)) {
    if (anchor.step > (kept.at(-1)?.step ?? -1)) kept.push(anchor);
  }
  return kept;
}

/** How much a step is like a cell: 0 is not at all. */
function likeness(step: CellKey, cell: CellKey): number {
  if (
    step.name !== undefined &&
    cell.name !== undefined &&
    step.name !== cell.name &&
    step.hash !== cell.hash
  )
    return 0;
  return 1 + (step.section === cell.section ? 2 : 0) + (step.hash === cell.hash ? 4 : 0);
}

const maxArea = 250_000;

/** The pairs, in order on both sides, that are most alike together. */
function align(
  left: readonly number[],
  right: readonly number[],
  like: (left: number, right: number) => number,
): [number, number][] {
  if (left.length * right.length > maxArea) {
    return left.slice(0, right.length).map((one, at) => [one, right[at]!]);
  }
  const width = right.length + 1;
  const best = new Float64Array((left.length + 1) * width);
  const pairing = (l: number, r: number) => {
    const score = like(left[l]!, right[r]!);
    return score > 0 ? score + best[(l + 1) * width + r + 1]! : 0;
  };
  for (let l = left.length - 1; l >= 0; l--) {
    for (let r = right.length - 1; r >= 0; r--) {
      best[l * width + r] = Math.max(best[(l + 1) * width + r]!, best[l * width + r + 1]!, pairing(l, r));
    }
  }
  const pairs: [number, number][] = [];
  for (let l = 0, r = 0; l < left.length && r < right.length;) {
    const here = best[l * width + r]!;
    if (here > 0 && here === pairing(l, r)) pairs.push([left[l++]!, right[r++]!]);
    else if (here === best[(l + 1) * width + r]!) l++;
    else r++;
  }
  return pairs;
}
