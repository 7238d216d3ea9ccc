import { type ChildProcess, spawn } from 'node:child_process';
import { longestValue } from '../checkValue';
import { createRedactor } from '../createRedactor';
import { SecretFailure } from '../secretFailure';

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Bytes of stdout. */
  readonly longest?: number;
}

/** Bytes of stderr that are kept for the error. */
const longestTail = 2048;

/** Milliseconds from SIGTERM to SIGKILL; and for what was printed to arrive once the program has ended. */
const grace = 1000;

/**
 * Runs a program in a process group of its own and gives its stdout. Throws SecretFailure where it cannot be started,
 * fails or prints too much. When it ends, nothing of the group is left.
 */
export async function runProgram(program: Program): Promise<Buffer> {
  const { file, args, cwd, env, signal, longest = longestValue + 2 } = program;
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const stdout = new Tail(longest + 1);
  const stderr = new Tail(longestTail);
  const end = (): void => endGroup(child);
  signal.addEventListener('abort', end, { once: true });
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.add(chunk);
    if (stdout.total > longest) end();
  });
  // What a program leaves behind in its group may hold its output open for ever; a daemon of its own may stay.
  child.once('exit', () => {
    end();
    setTimeout(() => release(child), grace).unref();
  });
  const ended = await endOf(child);
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (ended instanceof Error) throw notStarted(file, cwd, ended);
  if (stdout.total > longest) throw flooded(file);
  if (ended === 0) return stdout.bytes();
  const how = typeof ended === 'number' ? `exit code ${ended}` : ended;
  throw failed(file, how, stderr.bytes(), stdout.bytes());
}

/** Exit code, name of a signal, or why it could not be started. */
function endOf(child: ChildProcess): Promise<number | string | NodeJS.ErrnoException> {
  return new Promise(resolve => {
    child.once('error', resolve);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
  });
}

function release({ stdout, stderr }: ChildProcess): void {
  stdout?.destroy();
  stderr?.destroy();
}

/** The last bytes of a stream. */
class Tail {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #length = 0;
  total = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  add(chunk: Buffer): void {
    this.total += chunk.length;
    this.#length += chunk.length;
    this.#parts.push(chunk);
    if (this.#length <= 2 * this.#longest) return;
    this.#parts = [this.bytes()];
    this.#length = this.#longest;
  }

  bytes(): Buffer {
    return Buffer.from(Buffer.concat(this.#parts).subarray(-this.#longest));
  }
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

function flooded(file: string): SecretFailure {
  const why = `${file} printed more than ${longestValue / 1024} KiB, so it was ended`;
  return new SecretFailure('tooLong', why, 'Let it print the value and nothing else.');
}

function notStarted(file: string, cwd: string, cause: NodeJS.ErrnoException): SecretFailure {
  if (cause.code === 'ENOENT') {
    const why = `${file} was not found (PATH of whoever started the run, folder ${cwd})`;
    return new SecretFailure('missing', why, 'Install it, or name it with its path.', { cause });
  }
  const why = `${file} could not be started (${cause.code ?? 'unknown reason'})`;
  return new SecretFailure('failed', why, 'Try it in a terminal.', { cause });
}

/** A program that fails may have printed the value all the same, and may repeat it among its complaints. */
function failed(file: string, how: string, stderr: Buffer, stdout: Buffer): SecretFailure {
  const redactor = createRedactor();
  redactor.add('', stdout.toString());
  for (const line of stdout.toString().split('\n')) redactor.add('', line);
  const said = redactor.text(stderr.toString()).trim().split('\n').slice(-5).join(' · ');
  const why = `${file} ended with ${how}${said === '' ? ' and said nothing' : `: ${printable(said)}`}`;
  return new SecretFailure('failed', why, 'Try the command in a terminal.');
}

function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').replace(/[. ]+$/, '');
}
