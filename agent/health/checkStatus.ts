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
  const passed = isWell ? status.passed + 1 : 0;
  const failed = isWell ? 0 : status.failed + 1;
  const wasWell = status.state === 'up' || status.state === 'degraded' || status.state === 'pending';
  const isReached = isWell ? wasWell || passed >= successes : !wasWell || failed >= failures;
  const state = isReached ? result.state : status.state;
  return { state, since: state === status.state ? status.since : now, failed, passed, last: result };
}

/** Milliseconds to the next probe. While a change is in the air it comes sooner, so that it is known soon. */
export function nextProbe({ state, failed, passed }: CheckStatus, { every, successes }: CheckSpec): number {
  const wasWell = state === 'up' || state === 'degraded' || state === 'pending';
  const isInTheAir = wasWell ? failed > 0 : passed > 0 && passed < successes;
  return isInTheAir ? Math.min(every, Math.max(1000, every / 6)) : every;
}
