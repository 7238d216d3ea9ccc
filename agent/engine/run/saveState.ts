import { copyFileSync } from 'node:fs';
import type { RunUnderway } from './runUnderway';

type Saving = Pick<RunUnderway, 'setting' | 'course'>;

/** Saves the session's state, so that the run can go on from a step. Where that cannot be, it runs all the same. */
export function saveState(step: number, run: Saving): void {
  const { lease, store, recorder } = run.setting;
  attempt(run, () => lease.session.save(store.statePath(recorder.run.id, step)));
}

/** Takes the state that a run begins with as its own: it may end before a step has begun that would save one. */
export function keepFirstState(run: Saving): void {
  const { store, recorder, restore, carried, plan } = run.setting;
  const first = plan.steps.find(({ role, index }) => role === 'step' && !carried.has(index));
  if (restore === undefined || first === undefined) return;
  attempt(run, () => copyFileSync(restore.path, store.statePath(recorder.run.id, first.index)));
}

/** What the system does not allow is a person's to mend, and told once; all else is a bug. */
function attempt({ setting, course }: Saving, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) setting.report(error);
    else course.note(`warning: the run may not be resumable, its state could not be saved: ${error.message}`);
  }
}
