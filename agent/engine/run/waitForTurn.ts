import type { Course } from './course';
import { omit } from '../omit';
import type { RunSetting } from './runSetting';

/** Waits until the session is free, and says for which run. A cancel ends the wait. */
export async function waitForTurn({ lease, recorder }: RunSetting, course: Course): Promise<void> {
  if (lease.waitsFor === undefined) {
    lease.enter();
    return;
  }
  const message = `waits for run ${lease.waitsFor}, which has the session`;
  recorder.changeSteps([{ ...recorder.step(0), message }]);
  const turn = lease.turn.then(() => true);
  const cancelled = new Promise<false>(resolve => {
    course.signal.addEventListener('abort', () => resolve(false), { once: true });
    if (course.isCancelled) resolve(false);
  });
  if (await Promise.race([turn, cancelled])) lease.enter();
  if (course.isCancelled) return;
  recorder.changeSteps([omit(recorder.step(0), 'message')]);
}
