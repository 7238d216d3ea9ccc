import type { StepRecord } from '../../protocol/runs';

/** How a step ended: what its record gets. */
export type StepEnd = Pick<StepRecord, 'state'> &
  Partial<
    Pick<StepRecord, 'reason' | 'exit' | 'signal' | 'message' | 'failedLine' | 'background' | 'outputs'>
  >;

/** Whether the cell has begun, and so may have done at least half of what it does. An `error` kept it from beginning. */
export function mayHaveActed({ state, reason, startedAt }: StepRecord): boolean {
  if (startedAt === undefined) return false;
  return (
    state === 'passed' ||
    state === 'cancelled' ||
    state === 'interrupted' ||
    (state === 'failed' && reason !== 'error')
  );
}

/** Whether what needs the step can run. */
export function fulfils({ state, reason }: Pick<StepRecord, 'state' | 'reason'>): boolean {
  return state === 'passed' || (state === 'skipped' && reason === 'satisfied');
}
