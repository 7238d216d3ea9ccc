import { mayHaveActed } from '../../../agent/protocol/mayHaveActed';
import type { RunRecord, RunSummary } from '../../../agent/protocol/runs';

/** How many steps passed, or ended midway, that have a cell to undo them, which has not run. */
export function undoable({ state, steps }: RunRecord): number {
  if (state === 'passed' || state === 'running') return 0;
  const undoing = steps.filter(step => step.undoes !== undefined && step.startedAt === undefined);
  return undoing.filter(({ undoes }) => steps.some(step => step.index === undoes && mayHaveActed(step)))
    .length;
}

/** Whether one of these runs has rolled a run back to its end. */
export function isRolledBack({ id }: Pick<RunSummary, 'id'>, runs: readonly RunSummary[]): boolean {
  return runs.some(
    ({ continues, state }) => continues?.run === id && continues.how === 'rollback' && state === 'passed',
  );
}
