import type { Course } from './course';
import { omit } from '../omit';
import type { RunSetting } from './runSetting';

/** Waits until the session is free, and says for which run. A cancel ends the wait. */
export async function waitForTurn(setting: RunSetting, course: Course): Promise<void> {
  const { lease, recorder } = setting;
  if (lease.waitsFor === undefined) return enter(setting);
  const message = `waits for run ${lease.waitsFor}, which has the session`;
  recorder.changeSteps([{ ...recorder.step(0), message }]);
  const turn = lease.turn.then(() => true);
  const cancelled = new Promise<false>(resolve => {
    course.signal.addEventListener('abort', () => resolve(false), { once: true });
    if (course.isCancelled) resolve(false);
  });
  if (await Promise.race([turn, cancelled])) enter(setting);
  if (course.isCancelled) return;
  recorder.changeSteps([omit(recorder.step(0), 'message')]);
}

function enter({ lease, secrets }: RunSetting): void {
  lease.enter();
  // A cell of an earlier run may have put them where this run's cells print them.
  secrets.mask(lease.session.protectedValues);
}
