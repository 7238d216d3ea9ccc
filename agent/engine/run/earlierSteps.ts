import { mayHaveActed } from '../../protocol/mayHaveActed';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { RunStore } from '../../store/types';
import { fulfils } from '../step/stepEnd';
import type { StepEnd } from '../step/stepEnd';

/** Whether a step's cell has done something, in its run or in one that this run went on from. */
export function wasDone(run: RunRecord, step: StepRecord, store: RunStore): boolean {
  if (mayHaveActed(step)) return true;
  if (run.continues?.how !== 'resume' || !fulfils(step)) return false;
  const before = store.find(run.continues.run);
  const earlier = before?.steps.find(
    ({ name, file, undoes }) => name === step.name && file === step.file && undoes === undefined,
  );
  // Of a run that the history has not kept there is only what was taken over from it.
  if (before === undefined) return step.message?.startsWith(takenOver) === true;
  return earlier !== undefined && wasDone(before, earlier, store);
}

/** How a step ends that passed in the earlier run. */
export const done: StepEnd = { state: 'skipped', reason: 'satisfied' };

/** Whether nothing of it is left to do. */
export function isSettled(step: StepRecord): boolean {
  return fulfils(step) || step.state === 'skipped';
}

/** How a step ends that the earlier run has left out. */
export function leftOut({ message }: StepRecord): StepEnd {
  return { state: 'skipped', reason: 'guard', ...(message === undefined ? {} : { message }) };
}

/** How the words begin of a step that is not run again because it passed in the run before. */
export const takenOver = 'passed in run ';
