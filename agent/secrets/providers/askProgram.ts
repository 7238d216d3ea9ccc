import { runProgram, type Program, type ProgramEnd } from '../../programs/runProgram';
import { longestValue } from '../checkValue';
import { createRedactor } from '../createRedactor';
import { SecretFailure } from '../secretFailure';

/** The longest value and the line end that programs put behind it. */
const longest = longestValue + 2;

/** Gives what a program prints. Throws SecretFailure where it cannot be started, fails or prints too much. */
export async function askProgram(program: Omit<Program, 'longest' | 'endWhereLonger'>): Promise<Buffer> {
  const { file, cwd, signal } = program;
  const end = await runProgram({ ...program, longest, endWhereLonger: true });
  signal.throwIfAborted();
  if (end.trouble !== undefined) throw notStarted(file, cwd, end.trouble);
  if (end.isLonger) throw flooded(file);
  if (end.exit === 0) return end.stdout;
  throw failed(file, end);
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
function failed(file: string, { exit, signal, stdout, stderr }: ProgramEnd): SecretFailure {
  const redactor = createRedactor();
  redactor.add(stdout.toString());
  for (const line of stdout.toString().split('\n')) redactor.add(line);
  const said = redactor.text(stderr.toString()).trim().split('\n').slice(-5).join(' · ');
  const how = exit === undefined ? (signal ?? 'no exit code') : `exit code ${exit}`;
  const why = `${file} ended with ${how}${said === '' ? ' and said nothing' : `: ${printable(said)}`}`;
  return new SecretFailure('failed', why, 'Try the command in a terminal.');
}

function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').replace(/[. ]+$/, '');
}
