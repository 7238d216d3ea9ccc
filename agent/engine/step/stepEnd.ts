import type { StepRecord } from '../../protocol/runs';

/** How a step ended: what its record gets. */
export type StepEnd = Pick<StepRecord, 'state'> &
  Partial<
    Pick<StepRecord, 'reason' | 'exit' | 'signal' | 'message' | 'failedLine' | 'background' | 'outputs'>
  >;

/** Whether what needs the step can run. */
export function fulfils({ state, reason }: Pick<StepRecord, 'state' | 'reason'>): boolean {
  return state === 'passed' || (state === 'skipped' && reason === 'satisfied');
}
