import { readdir, readFile } from 'node:fs/promises';

export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * Every process whose environment holds this setting, except our own. By the environment, because a process that
 * a cell left behind has no parent any more. Linux only; elsewhere it finds none.
 */
export async function processesWith(name: string, value: string): Promise<FoundProcess[]> {
  if (process.platform !== 'linux') return [];
  const found: FoundProcess[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!pid || pid === process.pid) continue;
    // A process may end while we look; then it is not there.
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (!environment.split('\0').includes(`${name}=${value}`)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    found.push({ pid, command: command.replaceAll('\0', ' ').trim() });
  }
  return found;
}

/** Ends them, and gives those it ended. */
export async function endProcessesWith(name: string, value: string): Promise<FoundProcess[]> {
  const found = await processesWith(name, value);
  for (const { pid } of found) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return found;
}
