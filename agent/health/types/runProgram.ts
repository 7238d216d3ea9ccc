import { spawn } from 'node:child_process';
import { howToGet } from '../../requirements/howToGet';
import { ProbeFailure } from './checkType';

/** What a program printed, and how it ended. */
export interface ProgramResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Characters of each stream that are kept: the last. */
const longest = 64 * 1024;

/** Runs a program with nothing to read. When the time is up, all of its process group is killed. */
export function runProgram(
  [file = '', ...args]: readonly string[],
  { env, cwd, signal }: { env: Readonly<Record<string, string>>; cwd: string; signal: AbortSignal },
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const kept = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (piece: string) => {
        kept[name] = (kept[name] + piece).slice(-longest);
      });
    }
    const end = (): void => {
      if (child.pid !== undefined) killGroup(child.pid);
      // Who holds its output may be out of reach.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(signal.reason as Error);
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    child.once('error', error => reject(notStarted(file, error, env['PATH'])));
    child.once('close', (code, ended) => {
      signal.removeEventListener('abort', end);
      if (child.pid !== undefined) killGroup(child.pid);
      resolve({ ...kept, exit: code ?? 128 + (signalNumbers[ended ?? ''] ?? 0) });
    });
  });
}

/** As a shell counts them. */
const signalNumbers: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function notStarted(file: string, error: NodeJS.ErrnoException, path: string | undefined): ProbeFailure {
  if (error.code !== 'ENOENT') {
    return new ProbeFailure(`${file} cannot be started: ${error.message}`, { unknown: true, cause: error });
  }
  const get = howToGet(file, path);
  const hint = get === undefined ? '' : `. To get it: ${get}`;
  return new ProbeFailure(`${file} is not installed${hint}`, { unknown: true, cause: error });
}
