import { basename } from 'node:path';
import type { RunRecord, StepRecord } from '../protocol/runs';
import { fileOf } from '../protocol/fileOf';
import { sayTook } from '../protocol/sayTook';
import { sayReason, saySince, sayTime } from '../protocol/words';

/** What a report says of a run above its steps, in order: name and value. */
export function runFacts(run: RunRecord): (readonly [name: string, value: string])[] {
  const commit =
    run.commit === undefined ? undefined : run.commit.slice(0, 10) + (run.dirty ? ' and changes' : '');
  const facts: (readonly [string, string | undefined])[] = [
    ['Outcome', outcome(run)],
    ['Runbook', run.file],
    ['Commit', commit],
    ['Started', `${sayTime(run.startedAt)} ${zoneAt(run.startedAt)}`],
    ['Took', sayTook(run, run.startedAt)],
    ['By', `${run.user} (${run.by}) on ${run.host}`],
    ...(run.identity ?? []).map(({ kind, label }) => [kind, label] as const),
    ...Object.entries(run.inputs ?? {}).map(([name, value]) => [`Input ${name}`, value] as const),
    ['Goes on from', run.continues && `run ${run.continues.run} (${run.continues.how})`],
    ['Run', run.id],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] as const],
  );
}

/** `UTC+02:00`: a report is read elsewhere. */
function zoneAt(time: number): string {
  const minutes = -new Date(time).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

/** `failed at restart: exit 7`. */
export function outcome(run: RunRecord): string {
  const culprit = run.steps.find(
    ({ state }) => state === 'failed' || state === 'cancelled' || state === 'interrupted',
  );
  if (run.message !== undefined) return `${run.state}: ${run.message}`;
  if (run.state === 'passed' || culprit === undefined) return run.state;
  return `${run.state} at ${culprit.name}: ${sayReason(culprit)}`;
}

/** `passed · 0.4 s`, `failed · exit 7 · 0.4 s · attempt 3`. */
export function stepOutcome(step: StepRecord): string {
  const parts = [
    step.state,
    // Not what the state says already.
    ...[sayReason(step)].filter(reason => reason !== '' && reason !== step.state && step.state !== 'not-run'),
    ...[timeOf(step)].filter(time => time !== undefined),
    ...(step.attempt > 1 ? [`attempt ${step.attempt}`] : []),
    ...(step.target === undefined ? [] : [`on ${step.target}`]),
    ...(step.approvedBy === undefined ? [] : [`approved by ${step.approvedBy}`]),
  ];
  return parts.join(' · ');
}

/** How long a step took, in words; nothing of one that did not run. */
export function timeOf(step: StepRecord): string | undefined {
  return hasRun(step) ? sayTook(step, step.startedAt) : undefined;
}

/** Milliseconds. */
export function took({ startedAt, endedAt }: StepRecord): number {
  return startedAt === undefined ? 0 : Math.max(0, (endedAt ?? startedAt) - startedAt);
}

export function hasRun({ startedAt, state }: StepRecord): boolean {
  return startedAt !== undefined && state !== 'skipped';
}

/** Why a step ended as it did beyond its outcome, a line each. */
export function stepRemarks(run: RunRecord, step: StepRecord): string[] {
  return [step.message, saySince(step, run.startedAt)].filter(text => text !== undefined);
}

/** `restart-api.md:41`: where a person looks first. */
export function placeOf(run: RunRecord, step: StepRecord): string {
  return `${basename(fileOf(run, step))}:${step.failedLine ?? step.line}`;
}

/** How many steps ended how: `3 passed, 1 failed, 2 not run`. */
export function tally({ steps }: RunRecord): string {
  const counts = new Map<string, number>();
  for (const { state } of steps) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state.replace('-', ' ')}`).join(', ');
}
