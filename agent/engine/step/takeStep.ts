import { approval } from './approval';
import { executeStep } from './executeStep';
import { HandrailError } from '../../protocol/errors';
import { type HeldLock, obtainLock } from './obtainLock';
import { omit } from '../omit';
import { passedKey } from '../session/passedCells';
import type { RunSetting } from '../run/runSetting';
import type { RunUnderway, Workplace } from '../run/runUnderway';
import { fulfils } from './stepEnd';
import type { StepEnd } from './stepEnd';
import type { PlannedStep } from '../types';
import type { StepUnderway } from '../run/underway';

/** Brings one step to its end: its approval, its lock, its cell. Nothing: it was not its turn any more. */
export async function takeStep(
  step: PlannedStep,
  workplace: Workplace,
  run: RunUnderway,
): Promise<StepEnd | undefined> {
  const { setting, course, underway } = run;
  const { recorder, lease } = setting;
  if (course.isCancelled || recorder.step(step.index).state !== 'pending') return undefined;
  const without = leftOut(step, setting);
  if (without) {
    recorder.changeSteps([{ ...recorder.step(step.index), ...without }]);
    return without;
  }
  if (step.fault !== undefined)
    return close(
      step,
      { state: 'failed', reason: 'error', message: `It was not started. ${step.fault}` },
      setting,
    );
  const begun = underway.begin(step.index);
  try {
    const end = await allowed(step, begun, workplace, run);
    const lasts = step.options.background !== 'run';
    // What ends with the run is not there for a later one.
    if (end.state === 'passed' && step.role === 'step' && lasts)
      lease.passed.set(passedOf(step), setting.clock.now());
    else if (end.state !== 'skipped' && end.state !== 'not-run') lease.passed.delete(passedOf(step));
    return end;
  } finally {
    if (!run.background.has(step.index)) underway.end(step.index);
  }
}

/** Waits until it may run, runs it, and gives back what it held. */
async function allowed(
  step: PlannedStep,
  begun: StepUnderway,
  workplace: Workplace,
  run: RunUnderway,
): Promise<StepEnd> {
  const { setting, course } = run;
  const refused = await approval(step, begun, setting, by => decline(step, by, run));
  if (refused) return close(step, refused, setting);
  const lock = await obtainLock(step, begun.control, setting);
  if (!('release' in lock)) return close(step, lock, setting);
  try {
    if (course.isCancelled) begun.control.cancel();
    const { unbegun } = begun.control;
    if (unbegun) return close(step, unbegun, setting);
    return await executeStep(step, begun, workplace, run);
  } finally {
    // A cell that goes on in the background goes on holding it.
    if (run.background.has(step.index))
      void run.background.ended(step.index).then(() => giveBack(lock, step, run), setting.report);
    else giveBack(lock, step, run);
  }
}

/** Milliseconds between two tries to give a lock back, and how many there are. */
const givePause = 2000;
const mostGiven = 60;

/** What the step did is not undone by a lock that cannot be given back now: that is told, and tried again. */
function giveBack(lock: HeldLock, step: PlannedStep, run: RunUnderway, tries = 1): void {
  try {
    lock.release();
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    const { clock } = run.setting;
    if (tries === 1)
      run.course.note(
        `warning: the lock ${step.options.lock ?? ''} could not be given back. ${error.message}`,
      );
    if (tries < mostGiven) clock.after(givePause, () => giveBack(lock, step, run, tries + 1));
  }
}

/** Records the end of a step that did not begin. */
function close(step: PlannedStep, end: StepEnd, { recorder }: RunSetting): StepEnd {
  recorder.changeSteps([{ ...omit(recorder.step(step.index), 'message'), ...end }], step.cell.name);
  return end;
}

function decline(step: PlannedStep, by: string, { setting, course, underway }: RunUnderway): void {
  const total = setting.plan.steps.filter(({ role }) => role === 'step').length;
  course.cancel(`cancelled by ${by} at step ${Math.min(step.index + 1, total)} of ${total}`);
  underway.cancel();
}

function passedOf({ key, options }: PlannedStep): string {
  return passedKey(key, options.target);
}

/** Why a step is not run although its turn has come. */
function leftOut(step: PlannedStep, { recorder, lease }: RunSetting): StepEnd | undefined {
  if (step.role === 'rollback') return undefined;
  if (step.pulledIn && lease.passed.has(passedOf(step))) {
    return { state: 'skipped', reason: 'satisfied', message: 'passed in this session already' };
  }
  const missing = step.needs.map(need => recorder.step(need)).find(need => !fulfils(need));
  if (!missing) return undefined;
  const message = `needs ${missing.name}, which ${missing.state === 'skipped' ? 'was skipped' : `is ${missing.state}`}`;
  return missing.state === 'skipped'
    ? { state: 'skipped', reason: 'guard', message }
    : { state: 'not-run', message };
}
