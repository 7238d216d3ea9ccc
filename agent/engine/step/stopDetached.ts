import type { DetachedStep, DetachedSteps } from '../../store/types';

/**
 * Ends a process that outlived its run, with its process group: SIGTERM, SIGKILL after 5 seconds. Settles when it is
 * gone, and does nothing where it was gone before. What another user's process may not be sent is an error.
 */
export async function stopDetached(
  step: Pick<DetachedStep, 'run' | 'step' | 'pid'>,
  known: DetachedSteps,
): Promise<void> {
  const isThere = (): boolean => known.list().some(one => one.run === step.run && one.step === step.step);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isThere()) break;
    signalGroup(step.pid, signal);
    await until(() => !isThere(), grace);
  }
  known.remove(step.run, step.step);
}

/** Milliseconds. */
const grace = 5000;

/** Signals a process and its group; nothing where they are gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It is gone, or it is not the first of a group and has to be told itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    signalOne(pid, signal);
  }
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function until(isSo: () => boolean, limit: number): Promise<void> {
  const end = performance.now() + limit;
  for (let pause = 10; !isSo() && performance.now() < end; pause = Math.min(pause * 2, 200)) {
    await new Promise<void>(resolve => setTimeout(resolve, pause));
  }
}
