import type { StepRecord } from './runs';

// How records read, the same in every face.

/** A moment in the past: `12 s ago`, `yesterday 18:02`, `2026-03-01 18:02`. */
export function sayMoment(time: number, now: number): string {
  const ago = (now - time) / 1000;
  if (ago < 60) return `${Math.max(0, Math.floor(ago))} s ago`;
  if (ago < 3600) return `${Math.floor(ago / 60)} min ago`;
  const [then, today] = [new Date(time), new Date(now)];
  const clock = `${two(then.getHours())}:${two(then.getMinutes())}`;
  const days = Math.round((midnight(today) - midnight(then)) / 86_400_000);
  if (days === 0) return `today ${clock}`;
  if (days === 1) return `yesterday ${clock}`;
  return `${sayDate(then)} ${clock}`;
}

/** A moment for a record that is read at any later time: `2026-03-01 18:02:11`, in the time of this machine. */
export function sayTime(time: number): string {
  const then = new Date(time);
  return `${sayDate(then)} ${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}`;
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
    case 'satisfied':
      return 'skipped (satisfied)';
    case 'guard':
      return 'skipped';
    case undefined:
      return step.state;
  }
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
