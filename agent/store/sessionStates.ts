import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../makeFolder';

/** States of a run that are kept. */
const mostStates = 50;

/**
 * Where the session's state before a step is saved; the folder is there, for this user only. Of a run with many
 * steps the oldest states go.
 */
export function statePath(folder: string, run: string, step: number): string {
  const own = join(folder, run);
  makeFolder(own);
  const steps = readdirSync(own).map(name => ({ name, step: Number.parseInt(name, 10) }));
  const earlier = steps.filter(each => each.step < step).sort((a, b) => b.step - a.step);
  for (const { name } of earlier.slice(mostStates - 1))
    rmSync(join(own, name), { recursive: true, force: true });
  return join(own, String(step));
}
