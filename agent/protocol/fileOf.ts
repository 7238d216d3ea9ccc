import type { RunSummary, StepRecord } from './runs';

/** Absolute path of the runbook that a step's cell is of: a run may need cells of other runbooks than its own. */
export function fileOf(run: Pick<RunSummary, 'file'>, step: Pick<StepRecord, 'file'>): string {
  return step.file ?? run.file;
}
