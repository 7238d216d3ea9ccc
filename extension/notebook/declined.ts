import type { RunSummary, StepRecord } from '../../agent/protocol/runs';

/** Whether somebody was asked about the step and said no. */
export function isDeclined({ state, startedAt, message }: StepRecord): boolean {
  return state === 'cancelled' && startedAt === undefined && message?.startsWith(said) === true;
}

/** A declined step in words for the person who runs it: `declined by you at step 4 of 6`; any other one as it is. */
export function declinedFor(
  step: StepRecord,
  run: Pick<RunSummary, 'user' | 'stepsTotal'> | undefined,
): StepRecord {
  if (!isDeclined(step) || run === undefined) return step;
  const by = step.message?.slice(said.length);
  const place = `step ${String(Math.min(step.index + 1, run.stepsTotal))} of ${String(run.stepsTotal)}`;
  return { ...step, message: `${said}${by === run.user ? 'you' : (by ?? '')} at ${place}` };
}

const said = 'declined by ';
