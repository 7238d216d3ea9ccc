import type { RunRecord, RunState, RunSummary, StepRecord } from '../../../agent/protocol/runs';
import { sayTook } from '../../../agent/protocol/sayTook';
import { sayWhen } from '../../../agent/protocol/words';
import { runbookName } from '../../../agent/runbook/runbookName';
import { outcome } from '../../notebook/stepWords';
import { onlyCell, runMessage } from './runWords';
import { undoable } from './undoable';

/**
 * All there is to say of a run: what was tried, what happened, what to do next. Plain text: what a runbook says is
 * never taken for Markdown. Without its steps (they could not be read) it tells what the list knows.
 */
export function runTooltip(run: RunSummary | RunRecord, now: number): string {
  const ended = 'steps' in run ? endingStep(run) : undefined;
  const next = nextSteps[run.state];
  const message = runMessage(run);
  const undoing = 'steps' in run ? undoable(run) : 0;
  return [
    headline(run, ended),
    ...(ended === undefined ? [] : [whatHappened(ended)]),
    ...(message === undefined ? [] : [message]),
    ...(next === undefined ? [] : [`Next: ${next}`]),
    ...(undoing === 0
      ? []
      : [`Roll Back undoes what ${undoing === 1 ? '1 step' : `${String(undoing)} steps`} did.`]),
    '',
    run.file,
    `started ${sayWhen(run.startedAt, now)} by ${run.user} (${run.by})${took(run)}`,
    ...(run.continues === undefined ? [] : [`${run.continues.how} of run ${run.continues.run}`]),
    `run ${run.id}`,
  ]
    .join('\n')
    .replace('\n\n\n', '\n\n');
}

const nextSteps: Readonly<Partial<Record<RunState, string>>> = {
  failed: 'open the step to see its line and its output, mend it, Resume from the Failed Step.',
  interrupted: 'Resume from the Failed Step. What the steps had done until then stays done.',
  cancelled: 'Resume from the Failed Step. What the steps had done until then stays done.',
};

function headline(run: RunSummary, ended: StepRecord | undefined): string {
  const only = onlyCell(run);
  const what = only === undefined ? runbookName(run.file) : `${only} of ${runbookName(run.file)}`;
  const total = String(run.stepsTotal);
  if (run.state === 'running') {
    const step = String(Math.min(run.stepsDone + 1, run.stepsTotal));
    return `${what}: at ${run.step ?? 'its start'}, step ${step} of ${total}`;
  }
  if (run.state === 'passed') return `${what}: passed, ${run.stepsTotal === 1 ? '1 step' : `${total} steps`}`;
  if (run.step === undefined || run.step === only) return `${what}: ${run.state}`;
  const place = ended === undefined ? '' : `, step ${String(ended.index + 1)} of ${total}`;
  return `${what}: ${run.state} at ${run.step}${place}`;
}

function whatHappened(step: StepRecord): string {
  const words = outcome(step);
  const line = step.failedLine === undefined ? [] : [`line ${String(step.failedLine)}`];
  const message = step.message === undefined || words.includes(step.message) ? [] : [step.message];
  return [...(words === '' ? [] : [words]), ...line, ...message].join(' · ').slice(0, 600);
}

function endingStep(run: RunRecord): StepRecord | undefined {
  if (run.state === 'passed') return undefined;
  return run.steps.find(({ name }) => name === run.step);
}

function took(run: RunSummary): string {
  const time = sayTook(run);
  return time === undefined ? '' : `, took ${time}`;
}
