import { durationText } from '../runbook/duration';
import type { RunState, StepState } from './states';

/**
 * How long a run or a step took: `0.4 s`; of one that was interrupted `at least 0.4 s`, because nobody saw its end, and
 * nothing where no sign of it came after its beginning. `now` (milliseconds since 1970): of one that goes on.
 */
export function sayTook(
  {
    state,
    startedAt,
    endedAt,
  }: { state: RunState | StepState; startedAt?: number | undefined; endedAt?: number | undefined },
  now?: number,
): string | undefined {
  const end = endedAt ?? now;
  if (startedAt === undefined || end === undefined) return undefined;
  const text = durationText(Math.max(0, end - startedAt));
  if (state !== 'interrupted') return text;
  return end - startedAt >= 100 ? `at least ${text}` : undefined;
}
