import type { RunSummary, StepRecord, StepState } from '../../../agent/protocol/runs';

/** How it stands with a file: what goes on in it, else the worst of its cells' last results. */
export type FileResult =
  | { readonly kind: 'going'; readonly run: RunSummary }
  | {
      readonly kind: 'ended';
      readonly state: StepState;
      /** When the last of those ended; milliseconds since 1970. */
      readonly at: number | undefined;
      /** Names of the cells in that state. */
      readonly names: readonly string[];
      readonly total: number;
    };

/** A failed cell keeps its file red until it has passed. Undefined where no cell has a result. */
export function fileResult(steps: Iterable<StepRecord>, total: number): FileResult | undefined {
  const known = [...steps];
  for (const states of fromWorst) {
    const worst = known.filter(({ state }) => states.includes(state));
    if (worst.length === 0) continue;
    const times = worst.flatMap(({ endedAt }) => endedAt ?? []);
    return {
      kind: 'ended',
      state: states[0]!,
      at: times.length === 0 ? undefined : Math.max(...times),
      names: worst.map(({ name }) => name),
      total,
    };
  }
  return undefined;
}

/** What was skipped was done already, or not wanted; of what did not run nothing is known. */
const fromWorst: readonly (readonly StepState[])[] = [
  ['failed'],
  ['interrupted'],
  ['cancelled'],
  ['passed', 'skipped'],
];
