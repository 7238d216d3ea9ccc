import { HandrailError } from '../../protocol/errors';
import { omit } from '../omit';
import { approvalName, isApproved } from '../plan/approvals';
import { questionOf } from './question';
import type { RunSetting } from '../run/runSetting';
import type { StepEnd } from './stepEnd';
import type { PlannedStep } from '../types';
import type { Answer, StepUnderway } from '../run/underway';

/**
 * Asks where a step wants an approval that it has not got, and waits for the answer however long it takes. Gives how
 * the step ended, if it may not run; `declined` is called where somebody said no.
 */
export async function approval(
  step: PlannedStep,
  underway: StepUnderway,
  setting: RunSetting,
  declined: (by: string) => void,
): Promise<StepEnd | undefined> {
  const { recorder, audit, plan, held, approved, asks } = setting;
  const { cell, options, index } = step;
  if (options.confirm === undefined) return undefined;
  if (isApproved(approved, step, plan.file))
    return approve(step, `${recorder.run.user}, beforehand`, setting);
  if (!asks) return unapproved(step, plan.file);
  const question = {
    asks: questionOf(step, held.facts),
    ...(step.typed === undefined ? {} : { typed: step.typed }),
  };
  recorder.changeSteps([{ ...recorder.step(index), ...question }], cell.name);
  const answer = await answered(underway);
  const asked = omit(recorder.step(index), 'asks', 'typed');
  recorder.changeSteps([asked]);
  if ('state' in answer) return answer;
  if (answer.approve) return approve(step, answer.by, setting);
  declined(answer.by);
  audit.declined(cell.name, answer.by);
  return { state: 'cancelled', reason: 'cancel', message: `declined by ${answer.by}` };
}

/** Settles with how the step ends where it is cancelled meanwhile, or may not begin any more. */
async function answered(underway: StepUnderway): Promise<Answer | StepEnd> {
  const { control } = underway;
  if (control.unbegun) return control.unbegun;
  const given = Promise.withResolvers<Answer | StepEnd>();
  const stop = (): void => given.resolve(control.unbegun ?? cancelled);
  control.halted.addEventListener('abort', stop, { once: true });
  underway.answer = given.resolve;
  const answer = await given.promise;
  control.halted.removeEventListener('abort', stop);
  delete underway.answer;
  return answer;
}

const cancelled: StepEnd = { state: 'cancelled', reason: 'cancel' };

function unapproved(step: PlannedStep, file: string): StepEnd {
  const name = approvalName(step, file);
  const message = `It needs an approval, and nobody is there to give it: approve ${name} when you start the run.`;
  return { state: 'failed', reason: 'error', message };
}

/** An approval that cannot be logged is none. */
function approve(
  { cell, index }: PlannedStep,
  by: string,
  { audit, recorder }: RunSetting,
): StepEnd | undefined {
  try {
    audit.approved(cell.name, by);
    recorder.changeSteps([{ ...recorder.step(index), approvedBy: by }]);
    return undefined;
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    return { state: 'failed', reason: 'error', message: `It was not started. ${error.message}` };
  }
}
