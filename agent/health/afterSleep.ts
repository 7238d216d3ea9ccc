import type { CheckResult } from './checkSpec';
import type { CheckStatus } from './checkStatus';
import { lengthOfTime } from './lengthOfTime';

/** Milliseconds after which checks have to stand by themselves again: a network takes its time to come back. */
export const settlingTime = 60_000;

/**
 * How a check stands whose machine was asleep for `slept` milliseconds: nobody has looked, so that it cannot be told.
 * What was down stays down. Where the clock was set back no time lies ahead.
 */
export function afterSleep(status: CheckStatus, slept: number, now: number): CheckStatus {
  const since = Math.min(status.since, now);
  if (slept < 0 || status.state === 'down' || status.state === 'pending') return { ...status, since };
  const message = `this machine was asleep for ${lengthOfTime(slept)}`;
  const last: CheckResult = { state: 'unknown', ms: 0, message, values: {} };
  return { state: 'unknown', since: now, failed: 0, passed: 0, last, isSettling: true };
}
