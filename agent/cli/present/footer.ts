import { leftToUndo } from '../../engine/run/leftToUndo';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { Screen } from '../terminal/terminal';
import { durationText } from '../../runbook/duration';
import { plain, sayCount } from '../terminal/words';
import type { TextStyle } from './textPresenter';

/**
 * The last line of a run. `3 of 6 steps run` where every step passed or the first failure ended the run;
 * otherwise how many steps came to which end, with the names of those that failed.
 */
export function footer(run: RunRecord, { paint }: Screen, { recorded, cause }: TextStyle): string {
  const total = stepsAsked(run).length;
  const parts = [plainStory(run) ? `${begun(run).length} of ${sayCount(total, 'step')} run` : ''];
  if (parts[0] === '') parts.splice(0, 1, ...counts(run));
  if (run.state === 'passed' && run.endedAt !== undefined)
    parts.push(durationText(run.endedAt - run.startedAt));
  if (run.state === 'cancelled') parts.splice(0, parts.length, cancelled(run, cause?.()));
  if (run.state === 'interrupted') parts.push('interrupted: the process that ran it is gone');
  if (run.state !== 'passed' && recorded) parts.push(...waysOn(run));
  parts.push(...leftRunning(run));
  return parts.join(paint.dot);
}

/** What a person may want next of a run that did not pass. */
function waysOn(run: RunRecord): string[] {
  const { id, steps } = run;
  const isPrinted = steps.some(({ outputBytes }) => outputBytes > 0);
  return [
    `resume: handrail resume ${id}`,
    ...(leftToUndo(run).length > 0 ? [`undo: handrail resume --undo ${id}`] : []),
    ...(isPrinted ? [`output: handrail show ${id}`] : []),
  ];
}

/** What goes on after the run, and how to end it. */
function leftRunning({ id, steps }: RunRecord): string[] {
  const left = steps.filter(({ background }) => background === 'detached');
  if (left.length === 0) return [];
  const names = left.map(({ name }) => plain(name)).join(', ');
  return [`${names} ${left.length === 1 ? 'goes' : 'go'} on, to stop: handrail cancel ${id}`];
}

/** The steps of a run without those that only undo others. */
export function stepsAsked({ steps }: Pick<RunRecord, 'steps'>): StepRecord[] {
  return steps.filter(({ undoes }) => undoes === undefined);
}

/** A step that undoes another, and for which there was nothing to undo. */
export function isLeft({ undoes, state }: StepRecord): boolean {
  return undoes !== undefined && ['pending', 'skipped', 'not-run'].includes(state);
}

function plainStory(run: RunRecord): boolean {
  if (run.steps.some(step => step.undoes !== undefined && !isLeft(step))) return false;
  const steps = stepsAsked(run);
  const first = steps.findIndex(({ state }) => state === 'failed');
  const after = first < 0 ? [] : steps.slice(first + 1);
  return steps.every(({ state }) => state !== 'skipped') && after.every(({ state }) => state === 'not-run');
}

function counts({ steps }: RunRecord): string[] {
  const of = (state: StepRecord['state']): StepRecord[] => steps.filter(step => step.state === state);
  const names = of('failed').map(({ name }) => plain(name));
  const shown = names.length > mostNames ? `${names.slice(0, mostNames).join(', ')}, …` : names.join(', ');
  const passed = of('passed');
  const undone = passed.filter(({ undoes }) => undoes !== undefined).length;
  const parts: [number, string][] = [
    [passed.length - undone, 'passed'],
    [undone, 'undone'],
    [names.length, `failed (${shown})`],
    [of('interrupted').length, 'interrupted'],
    [stepsAsked({ steps }).filter(({ state }) => state === 'skipped').length, 'skipped'],
    [stepsAsked({ steps }).filter(({ state }) => state === 'not-run').length, 'not run'],
  ];
  return parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

function cancelled(run: RunRecord, cause = 'cancelled'): string {
  const steps = stepsAsked(run);
  const at = steps.findIndex(({ state }) => state === 'cancelled');
  const reached = steps.filter(({ state }) => state === 'skipped').length + begun(run).length;
  return `${cause} at step ${Math.max(1, at < 0 ? reached : at + 1)} of ${steps.length}`;
}

function begun(run: RunRecord): StepRecord[] {
  return stepsAsked(run).filter(({ startedAt, state }) => startedAt !== undefined && state !== 'skipped');
}

/** More would not fit in a line. */
const mostNames = 5;
