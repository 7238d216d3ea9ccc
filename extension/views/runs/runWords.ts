import type { RunState, RunSummary, StepRecord } from '../../../agent/protocol/runs';
import { sayTook } from '../../../agent/protocol/sayTook';
import { sayWhen } from '../../../agent/protocol/words';
import { durationText } from '../../../agent/runbook/duration';
import { runbookName } from '../../../agent/runbook/runbookName';
import { hasEnded, outcome } from '../../notebook/stepWords';

/** What a row says, besides its icon. */
export interface Row {
  readonly label: string;
  readonly description: string;
  /** The row for a screen reader: the state in words. */
  readonly spoken: string;
}

/** `deploy-shop` · `step 4 of 9 · 1 min 12 s`, or `✗ smoke-test · 3 min · yesterday 18:02`. */
export function runRow(run: RunSummary, now: number, asks?: string): Row {
  const label = runbookName(run.file);
  const going = run.state === 'running';
  const said = going
    ? [...(asks === undefined ? [] : ['waits for approval']), ...goingParts(run, now)]
    : [...stoodAt(run), ...timesOf(run, now)];
  const parts = going ? said : markFirst(marks[run.state], run, now);
  return { label, description: parts.join(' · '), spoken: [label, run.state, ...said].join(', ') };
}

/** What the run says of itself, to the person whose name it has: `cancelled by you at step 4 of 6`. */
export function runMessage({ message, user }: Pick<RunSummary, 'message' | 'user'>): string | undefined {
  const own = `cancelled by ${user} `;
  return message?.startsWith(own) === true ? `cancelled by you ${message.slice(own.length)}` : message;
}

/** `drain` · `✓ 2.3 s`, `exit 7 · 0.4 s`, `not run`. */
export function stepRow(step: StepRecord, now: number): Row {
  const words = step.asks === undefined ? firstLine(outcome(step)) : 'waits for approval';
  const took = sayTook(step, now);
  const time = took === undefined || hasEnded(step.state) ? took : coarse(took);
  const where = step.target === undefined ? '' : `on ${step.target}`;
  const parts = [words, time ?? '', where, ...backgroundWords(step)].filter(part => part !== '');
  return {
    label: step.name,
    description: parts.join(' · '),
    spoken: [step.name, step.state, ...parts].join(', '),
  };
}

/** `api` · `shop · in the background since 18:02`, or `detached, since 18:02`. */
export function backgroundRow(run: RunSummary, step: StepRecord, now: number): Row {
  const since = step.startedAt === undefined ? '' : ` since ${sayWhen(step.startedAt, now)}`;
  const how = step.background === 'detached' ? `detached${since}` : `in the background${since}`;
  const parts = [runbookName(run.file), how, ...(step.target === undefined ? [] : [`on ${step.target}`])];
  return { label: step.name, description: parts.join(' · '), spoken: [step.name, ...parts].join(', ') };
}

function backgroundWords({ background, state }: StepRecord): string[] {
  if (background === 'detached') return ['running detached'];
  return background === 'running' && hasEnded(state) ? ['running in the background'] : [];
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** The one cell that the run was for. */
export function onlyCell(run: RunSummary): string | undefined {
  return run.only ?? (run.stepsTotal === 1 ? run.step : undefined);
}

function goingParts(run: RunSummary, now: number): string[] {
  const only = onlyCell(run);
  const step = Math.min(run.stepsDone + 1, run.stepsTotal);
  const progress = `step ${String(step)} of ${String(run.stepsTotal)}`;
  return [
    ...(only === undefined ? [] : [only]),
    ...(run.target === undefined ? [] : [`on ${run.target}`]),
    ...(only !== undefined && run.stepsTotal === 1 ? [] : [progress]),
    coarse(durationText(now - run.startedAt)),
  ];
}

/** The mark stands before what it is about: the step, or all of it. */
function markFirst(mark: string, run: RunSummary, now: number): string[] {
  const [first, ...rest] = [...stoodAt(run), ...timesOf(run, now)];
  return [`${mark} ${first ?? ''}`, ...rest];
}

/** The step that ended it, and the cell that was wanted; of a whole runbook that passed neither is of interest. */
function stoodAt(run: RunSummary): string[] {
  const only = onlyCell(run);
  // Where the person said no is told by the run itself.
  const declined = run.state === 'cancelled' ? runMessage(run) : undefined;
  if (declined?.startsWith('cancelled by you') === true) return [declined];
  // What went wrong before the first step is told by the run, too.
  if (run.state === 'failed' && run.step === undefined && run.message !== undefined)
    return [firstLine(run.message)];
  const at = run.state === 'passed' ? only : (run.step ?? only);
  return [
    ...(run.continues?.how === 'rollback' ? ['roll back'] : []),
    ...(at === undefined ? [] : [at]),
    ...(only === undefined || only === at ? [] : [`for ${only}`]),
    ...(run.target === undefined ? [] : [`on ${run.target}`]),
  ];
}

function timesOf(run: RunSummary, now: number): string[] {
  return [sayTook(run), sayWhen(run.startedAt, now)].filter(part => part !== undefined);
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
