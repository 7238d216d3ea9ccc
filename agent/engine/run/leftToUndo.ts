import { mayHaveActed } from '../../protocol/mayHaveActed';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import { fulfils } from '../step/stepEnd';

/** A step that did something which nothing has undone, and the one that would. */
export interface LeftToUndo {
  readonly done: StepRecord;
  readonly undoing: StepRecord;
}

/** What a run that did not pass has left and its runbook says how to undo, in the order in which that is done. */
export function leftToUndo({ state, steps, continues }: RunRecord): LeftToUndo[] {
  if (state === 'passed' || state === 'running' || continues?.how === 'rollback') return [];
  const isDone = (step: StepRecord): boolean =>
    mayHaveActed(step) || (continues?.how === 'resume' && fulfils(step));
  const found = steps.flatMap(undoing => {
    const done = undoing.undoes === undefined ? undefined : steps[undoing.undoes];
    return done === undefined || undoing.startedAt !== undefined || !isDone(done) ? [] : [{ done, undoing }];
  });
  return found.sort((a, b) => b.done.index - a.done.index);
}
