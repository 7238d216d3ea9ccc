import * as z from 'zod';
import type { KeptCheck, ResultRecord, SummedState } from '../store/health/resultRecord';
import { newStatus, type CheckStatus } from './checkStatus';

/** Milliseconds after which it is of no use any more that a check was well: that was long ago. */
const wellFor = 15 * 60_000;

const Kept = z.object({
  state: z.enum(['pending', 'up', 'degraded', 'down', 'unknown']),
  since: z.number(),
  failed: z.number(),
  passed: z.number(),
  ms: z.number(),
  found: z.enum(['up', 'degraded', 'down', 'unknown']),
  message: z.string(),
});

/** What is kept of how a check stands; of what it has found only whether it was well, and why not. */
export function statusText({ state, since, failed, passed, last }: CheckStatus): string {
  const { ms = 0, state: found = 'unknown', message = '' } = last ?? {};
  return JSON.stringify({ state, since, failed, passed, ms, found, message: message.slice(0, 1000) });
}

/** How a check stands when it is watched again: what was down is, and what was well for a while, too. */
export function statusOf(kept: KeptCheck | undefined, now: number): CheckStatus {
  const read = Kept.safeParse(parsed(kept?.status));
  if (kept === undefined || !read.success) return newStatus(now);
  const { state, since, failed, passed, ms, found, message } = read.data;
  const isOld = Math.abs(now - kept.at) > wellFor;
  if (state === 'unknown' || (isOld && state !== 'down')) return newStatus(now);
  const last = { state: found, ms, message, values: {} };
  return { state, since: Math.min(since, now), failed, passed, last };
}

/** A probe and how its check stood: for `stood` milliseconds as before, nothing where nobody watched. */
interface Taken {
  readonly status: CheckStatus;
  readonly before: CheckStatus;
  readonly now: number;
  readonly stood: number | undefined;
  readonly isMaintained: boolean;
}

/** What is recorded of a probe. */
export function recordOf(id: string, { status, before, now, stood, isMaintained }: Taken): ResultRecord {
  const { state = 'unknown', ms = 0, message = '' } = status.last ?? {};
  const stands: SummedState = before.state === 'pending' ? 'unknown' : before.state;
  return {
    ...{ id, at: now, state, ms, status: statusText(status) },
    ...(stood !== undefined && { stood: { as: isMaintained ? 'maintenance' : stands, for: stood } }),
    ...(status.state !== before.state && { turned: { to: status.state, message: message.slice(0, 1000) } }),
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    // Whatever was written there: the check begins anew.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
