import type { CheckResult, CheckSpec } from './checkSpec';

/** How a check stands, over its probes. Times are milliseconds since 1970. */
export interface CheckStatus {
  readonly state: 'pending' | CheckResult['state'];
  /** Since when it is in that state. */
  readonly since: number;
  /** Probes in a row that were not up, and those in a row that were. */
  readonly failed: number;
  readonly passed: number;
  readonly last: CheckResult | undefined;
  /** The machine has just woken up: until it has settled nothing is said to be down. */
  readonly isSettling?: boolean;
}

export function newStatus(now: number): CheckStatus {
  return { state: 'pending', since: now, failed: 0, passed: 0, last: undefined };
}

/** The status after one more probe: a state is left only after as many probes in a row as the check asks for. */
export function advance(
  status: CheckStatus,
  result: CheckResult,
  { failures, successes }: Pick<CheckSpec, 'failures' | 'successes'>,
  now: number,
): CheckStatus {
  const isWell = result.state === 'up' || result.state === 'degraded';
  if (status.isSettling === true && !isWell) {
    const { state, since, failed } = status;
    return { state, since, failed: failed + 1, passed: 0, last: result, isSettling: true };
  }
  const passed = isWell ? status.passed + 1 : 0;
  const failed = isWell ? 0 : status.failed + 1;
  const wasWell = status.isSettling === true || wellOrPending.has(status.state);
  const isReached = isWell ? wasWell || passed >= successes : !wasWell || failed >= failures;
  const state = isReached ? result.state : status.state;
  return { state, since: state === status.state ? status.since : now, failed, passed, last: result };
}

/** The status once the machine has had time to settle: what kept failing is down, or goes on to be counted. */
export function settled(
  status: CheckStatus,
  { failures }: Pick<CheckSpec, 'failures'>,
  now: number,
): CheckStatus {
  const { isSettling, ...rest } = status;
  if (isSettling !== true) return status;
  if (status.failed < failures) return { ...rest, state: 'pending', since: now };
  return { ...rest, state: status.last?.state ?? 'unknown', since: now };
}

const wellOrPending: ReadonlySet<CheckStatus['state']> = new Set(['up', 'degraded', 'pending']);

/** Milliseconds to the next probe. While a change is in the air it comes sooner, so that it is known soon. */
export function nextProbe(
  { state, failed, passed, isSettling }: CheckStatus,
  { every, successes }: CheckSpec,
): number {
  const wasWell = isSettling === true || wellOrPending.has(state);
  const isInTheAir = wasWell ? failed > 0 : passed > 0 && passed < successes;
  return isInTheAir ? Math.min(every, Math.max(1000, every / 6)) : every;
}
