import type { StepRecord } from './runs';

// How records read, the same in every face.

/** A moment in the past: `12 s ago`, `yesterday 18:02`, `2026-03-01 18:02`. */
export function sayMoment(time: number, now: number): string {
  const ago = (now - time) / 1000;
  if (ago < 60) return `${Math.max(0, Math.floor(ago))} s ago`;
  if (ago < 3600) return `${Math.floor(ago / 60)} min ago`;
  const [then, today] = [new Date(time), new Date(now)];
  const clock = sayClock(then);
  const days = Math.round((midnight(today) - midnight(then)) / 86_400_000);
  if (days === 0) return `today ${clock}`;
  if (days === 1) return `yesterday ${clock}`;
  return `${sayDate(then)} ${clock}`;
}

/** A moment for a record that is read at any later time: `2026-03-01 18:02:11`, in the time of this machine. */
export function sayTime(time: number): string {
  const then = new Date(time);
  return `${sayDate(then)} ${sayClock(then)}:${two(then.getSeconds())}`;
}

/** How long ago, for results: `just now`, `5 min ago`, `2 h ago`, `3 days ago`. */
export function sayAgo(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  const days = Math.floor(minutes / (24 * 60));
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

/** When something was, for lists: `18:02`, `yesterday 18:02`, `Tuesday 18:02`, `3 Nov 18:02`. */
export function sayWhen(time: number, now: number): string {
  const [then, today] = [new Date(time), new Date(now)];
  const days = Math.round((midnight(today) - midnight(then)) / 86_400_000);
  if (days <= 0) return sayClock(then);
  if (days === 1) return `yesterday ${sayClock(then)}`;
  if (days < 7) return `${then.toLocaleDateString('en-GB', { weekday: 'long' })} ${sayClock(then)}`;
  const year = then.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' as const };
  return `${then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year })} ${sayClock(then)}`;
}

/** What is not as it was when a failed step last passed: `passed yesterday 18:02; since then: cell edited`. */
export function saySince({ since }: Pick<StepRecord, 'since'>, now: number): string | undefined {
  if (since === undefined) return undefined;
  const changes =
    since.changes.length === 0 ? 'nothing that is recorded has changed' : since.changes.join(', ');
  return `passed ${sayMoment(since.passedAt, now)}; since then: ${changes}`;
}

/** Why a step ended as it did, in words; empty where its mark says it all. */
export function sayReason(step: Pick<StepRecord, 'state' | 'reason' | 'exit' | 'signal'>): string {
  if (step.state === 'passed') return step.exit === undefined || step.exit === 0 ? '' : `exit ${step.exit}`;
  if (step.state === 'not-run') return 'not run';
  switch (step.reason) {
    case 'exit':
      return `exit ${step.exit ?? 'unknown'}`;
    case 'signal':
      return `ended by ${step.signal ?? 'a signal'}`;
    case 'timeout':
      return 'timed out';
    case 'cancel':
      return 'cancelled';
    case 'interrupted':
      return 'interrupted';
    case 'error':
      return 'could not run';
    case 'lost':
      return 'ran in part, then was lost';
    case 'satisfied':
      return 'skipped (satisfied)';
    case 'guard':
      return 'skipped';
    case undefined:
      return step.state === 'failed' && step.exit !== undefined ? `exit ${step.exit}` : step.state;
  }
}

function sayClock(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

function sayDate(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
