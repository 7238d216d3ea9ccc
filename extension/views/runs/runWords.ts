import type { RunState, RunSummary, StepRecord } from '../../../agent/protocol/runs';
import { runbookName } from '../../../agent/runbook/runbookName';
import { hasEnded, outcome } from '../../notebook/stepWords';
import { duration, moment } from '../words';

/** What a row says, besides its icon. */
export interface Row {
  readonly label: string;
  readonly description: string;
  /** The row for a screen reader: the state in words. */
  readonly spoken: string;
}

/** `deploy-shop` · `step 4 of 9 · 1 min 12 s`, or `✗ smoke-test · 3 min · yesterday 18:02`. */
export function runRow(run: RunSummary, now: number): Row {
  const parts = run.state === 'running' ? goingParts(run, now) : endedParts(run, now);
  const label = runbookName(run.file);
  const spoken = [label, run.state, ...(run.state === 'running' ? parts : spokenParts(run, now))].join(', ');
  return { label, description: parts.join(' · '), spoken };
}

/** `drain` · `✓ 2.3 s`, `exit 7 · 0.4 s`, `not run`. */
export function stepRow(step: StepRecord, now: number): Row {
  const words = outcome(step);
  const took = step.startedAt === undefined ? [] : [duration((step.endedAt ?? now) - step.startedAt)];
  const at = hasEnded(step.state) || step.startedAt === undefined ? took : took.map(coarse);
  const parts = [...(words === '' ? [] : [words]), ...at];
  return {
    label: step.name,
    description: parts.join(' · '),
    spoken: [step.name, step.state, ...parts].join(', '),
  };
}

function goingParts(run: RunSummary, now: number): string[] {
  const step = Math.min(run.stepsDone + 1, run.stepsTotal);
  return [`step ${String(step)} of ${String(run.stepsTotal)}`, coarse(duration(now - run.startedAt))];
}

function endedParts(run: RunSummary, now: number): string[] {
  const why = run.state === 'cancelled' || run.state === 'interrupted' ? [run.state] : [];
  const mark = marks[run.state];
  const [took, when] = timesOf(run, now);
  if (run.state === 'passed') return [`${mark} ${took}`, when];
  return [run.step === undefined ? mark : `${mark} ${run.step}`, ...why, took, when];
}

function spokenParts(run: RunSummary, now: number): string[] {
  const at = run.state === 'passed' || run.step === undefined ? [] : [`at ${run.step}`];
  return [...at, ...timesOf(run, now)];
}

function timesOf(run: RunSummary, now: number): readonly [string, string] {
  return [duration((run.endedAt ?? run.startedAt) - run.startedAt), moment(run.startedAt, now)];
}

/** A time that still grows: tenths of a second would only flicker. */
function coarse(text: string): string {
  return text.replace(/\.\d s$/, ' s');
}

const marks: Readonly<Record<RunState, string>> = {
  running: '●',
  passed: '✓',
  failed: '✗',
  cancelled: '■',
  interrupted: '■',
};
