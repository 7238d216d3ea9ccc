import { spawn } from 'node:child_process';
import type { ClientEnvironment } from '../protocol/runs';

/** What came of a command that looks at something. */
export interface ProbeResult {
  /** Undefined where it was ended by a signal, took too long, or could not be started. */
  readonly exit?: number;
  /** The beginning of what it printed, stdout first. */
  readonly output: string;
  /** Why there is no exit code. */
  readonly problem?: string;
}

/** Milliseconds within which a probe has to answer. */
export const probeDeadline = 10_000;

/**
 * Runs a program in the client's environment, with nothing to read and nobody to ask. Whatever it started is gone
 * when it has answered or the deadline is over.
 */
export function runProbe(
  [file, ...args]: readonly [string, ...string[]],
  { env, cwd }: Pick<ClientEnvironment, 'env' | 'cwd'>,
  signal: AbortSignal,
  deadline = probeDeadline,
): Promise<ProbeResult> {
  return new Promise(resolve => {
    // A group of its own, so that all of it can be ended.
    const child = spawn(file, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const printed = { stdout: '', stderr: '' };
    let problem: string | undefined;
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        if (printed[stream].length < mostPrinted) printed[stream] += text;
      });
    }
    const end = (why: string): void => {
      problem ??= why;
      endGroup(child.pid);
    };
    const timer = setTimeout(() => end(`no answer within ${deadline / 1000} s`), deadline);
    const abort = (): void => end('cancelled');
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    const settle = (exit: number | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      const output = (printed.stdout + printed.stderr).slice(0, mostPrinted);
      const answer =
        problem === undefined && exit !== null ? { exit } : { problem: problem ?? 'ended by a signal' };
      resolve({ ...answer, output });
    };
    child.on('error', error => {
      problem ??= error.message;
      settle(null);
    });
    child.on('exit', exit => {
      endGroup(child.pid);
      // What has left the group may hold the pipes open.
      const late = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, patience);
      child.on('close', () => {
        clearTimeout(late);
        settle(exit);
      });
    });
  });
}

const mostPrinted = 16_384;
const patience = 300;

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody left in it.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
