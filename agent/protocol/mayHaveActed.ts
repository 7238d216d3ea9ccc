import type { StepRecord } from './runs';

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
