import { runProgram } from '../programs/runProgram';
import type { ClientEnvironment } from '../protocol/runs';

/** What came of a command that looks at something. */
export interface ProbeResult {
  /** Undefined where it was ended by a signal, took too long, or could not be started. */
  readonly exit?: number;
  /** What it printed, stdout first: the beginning of that, the end of stderr. */
  readonly output: string;
  /** Why there is no exit code. */
  readonly problem?: string;
}

/** Milliseconds within which a probe has to answer. */
export const probeDeadline = 10_000;

/** Bytes. */
const mostPrinted = 16_384;

/** Runs a program in the client's environment, with nothing to read and nobody to ask. */
export async function runProbe(
  [file, ...args]: readonly [string, ...string[]],
  { env, cwd }: Pick<ClientEnvironment, 'env' | 'cwd'>,
  signal: AbortSignal,
  deadline = probeDeadline,
): Promise<ProbeResult> {
  const late = AbortSignal.timeout(deadline);
  const either = AbortSignal.any([signal, late]);
  const end = await runProgram({ file, args, cwd, env, signal: either, longest: mostPrinted });
  const output = `${end.stdout.toString()}${end.stderr.toString()}`;
  const problem = signal.aborted
    ? 'cancelled'
    : late.aborted
      ? `no answer within ${deadline / 1000} s`
      : (end.trouble?.message ?? (end.exit === undefined ? 'ended by a signal' : undefined));
  if (problem !== undefined) return { output, problem };
  return { output, ...(end.exit === undefined ? {} : { exit: end.exit }) };
}
