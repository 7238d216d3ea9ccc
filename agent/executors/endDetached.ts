import { listProcesses, startTimeOf } from '../processTable';
import type { DetachedProcess } from './executor';
import { defaultGraces, type Graces, startLadder, unended } from './process/stopLadder';

/** How long SIGKILL is given. Milliseconds. */
const lastWait = 2000;

/**
 * Ends a process that outlived its run, with its group and all that carries its mark: SIGTERM, SIGKILL after a grace.
 * Settles when it is gone, at once where it was gone before, or with what the system did not let be ended.
 */
export async function endDetached(
  { pid, startTime, mark }: DetachedProcess & { readonly mark: string },
  graces: Graces = defaultGraces,
): Promise<{ readonly message?: string }> {
  const isThere = (): boolean => startTimeOf(pid) === startTime;
  const group = listProcesses().find(entry => entry.pid === pid)?.group;
  if (group === undefined || !isThere()) return {};
  const ladder = startLadder({ groups: [group], marker: `${mark}\n`, isOld: true }, group, graces);
  // What a shell starts with `&` ignores SIGINT.
  ladder.next();
  const end = performance.now() + graces.terminate + lastWait;
  for (let pause = 10; isThere() && performance.now() < end; pause = Math.min(pause * 2, 200)) {
    await new Promise<void>(resolve => setTimeout(resolve, pause));
  }
  return unended(await ladder.finish());
}
