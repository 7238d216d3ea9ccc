import { mayHaveActed } from '../../protocol/mayHaveActed';
import type { StepRecord } from '../../protocol/runs';
import { passedKey } from '../session/passedCells';
import type { RunUnderway } from './runUnderway';
import { fulfils } from '../step/stepEnd';
import { takeGroup } from './takeGroup';
import type { PlannedStep } from '../types';

/** Undoes, in reverse order, what has passed before a step failed, as far as cells say how. */
export async function rollBack(run: RunUnderway): Promise<void> {
  const { setting, course } = run;
  const { plan, recorder } = setting;
  const all = plan.steps.filter(({ role }) => role === 'rollback');
  const until = course.undoAfter;
  const isDue = ({ undoes = -1 }: PlannedStep): boolean => {
    const undone = recorder.step(undoes);
    // What was taken over from the run that this one goes on from was done there.
    return undone.index <= (until ?? -1) && (mayHaveActed(undone) || isCarried(undone, setting));
  };
  const due = until === undefined ? [] : all.filter(isDue);
  leaveOut(
    all.filter(step => !due.includes(step)),
    run,
  );
  const failed: string[] = [];
  for (const step of due.sort((a, b) => (b.undoes ?? 0) - (a.undoes ?? 0))) {
    if (course.isCancelled) break;
    if (!(await undo(step, run))) failed.push(step.cell.name);
  }
  if (due.length > 0) course.note(wordRollback(due.length, failed));
}

/** Whether it is undone. */
async function undo(step: PlannedStep, run: RunUnderway): Promise<boolean> {
  const { lease, recorder, plan } = run.setting;
  const undone = plan.steps[step.undoes ?? -1];
  if (undone) lease.passed.delete(passedKey(undone.key, undone.options.target));
  const [ended] = await takeGroup([step], run);
  const record = recorder.step(step.index);
  const half = undone !== undefined && isHalf(recorder.step(undone.index));
  if (half) {
    const words = `${undone.cell.name} had ended midway: look whether all it had done is undone`;
    const message = record.message === undefined ? words : `${record.message}\n${words}`;
    recorder.changeSteps([{ ...record, message }]);
  }
  return ended?.end?.state === 'passed' || ended?.end?.state === 'skipped';
}

function isHalf(step: StepRecord): boolean {
  return step.state !== 'passed' && mayHaveActed(step);
}

function isCarried(step: StepRecord, { carried }: RunUnderway['setting']): boolean {
  return carried.has(step.index) && fulfils(step);
}

function leaveOut(steps: readonly PlannedStep[], { setting, course }: RunUnderway): void {
  const { recorder, plan } = setting;
  const left = steps.filter(({ index }) => recorder.step(index).state === 'pending');
  if (left.length === 0) return;
  const changed = left.map(step => {
    const undone = plan.steps[step.undoes ?? -1]?.cell.name ?? 'a step';
    const why =
      course.undoAfter === undefined
        ? 'nothing is rolled back'
        : `${undone} has done nothing that is to be undone`;
    return { ...recorder.step(step.index), state: 'skipped', reason: 'guard', message: why } as const;
  });
  recorder.changeSteps(changed);
}

function wordRollback(count: number, failed: readonly string[]): string {
  if (failed.length === 0) return `rolled back: ${count} ${count === 1 ? 'step' : 'steps'} undone`;
  return `rollback failed: ${failed.join(', ')}; ${count - failed.length} of ${count} undone`;
}
