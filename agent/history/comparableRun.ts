import type { RunRecord } from '../protocol/runs';
import { plainPrinted } from '../text/plainPrinted';
import type { RunStore } from '../store/types';
import type { ComparableRun } from './compareRuns';

/** A recorded run with what its steps printed, ready to be compared. */
export function comparableRun(store: RunStore, run: RunRecord): ComparableRun {
  const output = (step: number): string => plainPrinted(store.tailOutput(run.id, step, comparedBytes).bytes);
  return { run, output };
}

/** As much of a step's output as is searched. */
const comparedBytes = 64 * 1024;
