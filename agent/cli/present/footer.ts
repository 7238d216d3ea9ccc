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
  const parts = [plainStory(run) ? `${begun(run).length} of ${sayCount(run.stepsTotal, 'step')} run` : ''];
  if (parts[0] === '') parts.splice(0, 1, ...counts(run));
  if (run.state === 'passed' && run.endedAt !== undefined)
    parts.push(durationText(run.endedAt - run.startedAt));
  if (run.state === 'cancelled') parts.splice(0, parts.length, cancelled(run, cause?.()));
  if (run.state === 'interrupted') parts.push('interrupted: the process that ran it is gone');
  if (run.state !== 'passed' && recorded) parts.push(`output: handrail show ${run.id}`);
  return parts.join(paint.dot);
}

function plainStory(run: RunRecord): boolean {
  const first = run.steps.findIndex(({ state }) => state === 'failed');
  const after = first < 0 ? [] : run.steps.slice(first + 1);
  return (
    run.steps.every(({ state }) => state !== 'skipped') && after.every(({ state }) => state === 'not-run')
  );
}

function counts({ steps }: RunRecord): string[] {
  const of = (state: StepRecord['state']): StepRecord[] => steps.filter(step => step.state === state);
  const names = of('failed').map(({ name }) => plain(name));
  const shown = names.length > mostNames ? `${names.slice(0, mostNames).join(', ')}, …` : names.join(', ');
  const parts: [number, string][] = [
    [of('passed').length, 'passed'],
    [names.length, `failed (${shown})`],
    [of('interrupted').length, 'interrupted'],
    [of('skipped').length, 'skipped'],
    [of('not-run').length, 'not run'],
  ];
  return parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

function cancelled(run: RunRecord, cause = 'cancelled'): string {
  const reached = run.steps.filter(({ state }) => state === 'skipped').length + begun(run).length;
  return `${cause} at step ${Math.max(1, reached)} of ${run.stepsTotal}`;
}

function begun({ steps }: RunRecord): StepRecord[] {
  return steps.filter(({ startedAt, state }) => startedAt !== undefined && state !== 'skipped');
}

/** More would not fit in a line. */
const mostNames = 5;
