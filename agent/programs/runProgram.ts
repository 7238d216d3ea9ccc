import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A program that answers something on its stdout: a version, a probe, a secret. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Aborted, it ends with all that it started. */
  readonly signal: AbortSignal;
  /** Bytes of stdout that are kept, from the beginning. */
  readonly longest: number;
  /** Whether a longer answer is none: the program is ended then. */
  readonly endWhereLonger?: boolean;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly exit?: number;
  readonly signal?: string;
  /** Why it could not be started. */
  readonly trouble?: NodeJS.ErrnoException;
  /** The beginning. */
  readonly stdout: Buffer;
  /** Whether stdout was longer. */
  readonly isLonger: boolean;
  /** The end. */
  readonly stderr: Buffer;
}

/** Milliseconds from SIGTERM to SIGKILL; and for what was printed to arrive once the program has ended. */
const grace = 1000;

/** Bytes of stderr that are kept. */
const longestTail = 2048;

/**
 * Runs a program in a process group of its own, with nothing to read and nobody to ask. When it has ended, nothing of
 * its group is left. Never rejects: whoever aborted knows why.
 */
export async function runProgram(program: Program): Promise<ProgramEnd> {
  // Most runs ask no program.
  const { execa } = await import('execa');
  const { file, args, cwd, env, signal, longest, endWhereLonger = false } = program;
  const stdio = { stdin: 'ignore', buffer: false } as const;
  const running = execa(file, args, { cwd, env, extendEnv: false, reject: false, detached: true, ...stdio });
  const child = running.nodeChildProcess;
  const end = (): void => endGroup(child);
  const stdout = keepBeginning(running.stdout, longest, endWhereLonger ? end : undefined);
  const stderr = keepEnd(running.stderr);
  // What a program leaves behind in its group may hold its output open for ever; a daemon of its own may stay.
  child.once('exit', () => {
    end();
    setTimeout(() => [running.stdout, running.stderr].forEach(stream => stream.destroy()), grace).unref();
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const { exitCode, signal: killer, cause } = await running;
  signal.removeEventListener('abort', end);
  return {
    ...(exitCode === undefined ? {} : { exit: exitCode }),
    ...(killer === undefined ? {} : { signal: killer }),
    ...(child.pid === undefined ? { trouble: cause as NodeJS.ErrnoException } : {}),
    ...stdout(),
    stderr: stderr(),
  };
}

function keepBeginning(
  stream: Readable,
  longest: number,
  onLonger: (() => void) | undefined,
): () => Pick<ProgramEnd, 'stdout' | 'isLonger'> {
  const parts: Buffer[] = [];
  let length = 0;
  stream.on('data', (part: Buffer) => {
    if (length < longest) parts.push(part.subarray(0, longest - length));
    length += part.length;
    if (length > longest) onLonger?.();
  });
  return () => ({ stdout: Buffer.concat(parts), isLonger: length > longest });
}

function keepEnd(stream: Readable): () => Buffer {
  let kept = Buffer.alloc(0);
  stream.on('data', (part: Buffer) => {
    kept = Buffer.concat([kept, part.subarray(-longestTail)]).subarray(-longestTail);
  });
  return () => kept;
}

function endGroup(child: ChildProcess): void {
  if (killGroup(child, 'SIGTERM')) setTimeout(() => killGroup(child, 'SIGKILL'), grace);
}

/** Whether there was somebody to be killed. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined) return false;
  if (process.platform === 'win32') return child.kill(signal);
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
