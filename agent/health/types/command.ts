import * as z from 'zod';
import { celValue } from '../conditions/values';
import { checkType } from './checkType';
import { runProgram } from './runProgram';

const Options = z.strictObject({
  /** A line for the shell, or a program with its arguments. */
  command: z.union([z.string().min(1), z.array(z.string()).min(1)]),
});

/** What a command says. */
export const command = checkType({
  name: 'command',
  about: 'how a command ends, and what it prints',
  options: Options,
  values: {
    exit: ['int', 'its exit code'],
    stdout: ['string', 'what it printed, without the last line end; the last 64 KiB'],
    stderr: ['string', 'the same of stderr'],
    body: ['dyn', 'stdout as JSON, where it is', 'stdout is not JSON'],
  },
  up: 'exit == 0',
  subject: ({ command: given }) => (typeof given === 'string' ? given : given.join(' ')),
  runs: ({ command: run }) => ({ run }),
  async probe({ command: given }, { signal, env, folder }) {
    const program = typeof given === 'string' ? ['/bin/sh', '-c', given] : given;
    const { exit, stdout, stderr } = await runProgram(program, { env, cwd: folder, signal });
    return {
      exit: BigInt(exit),
      stdout: stdout.trimEnd(),
      stderr: stderr.trimEnd(),
      ...parsed(stdout),
    };
  },
});

function parsed(text: string): { body?: unknown } {
  try {
    return { body: celValue(JSON.parse(text)) };
  } catch {
    return {}; // It is no JSON; a condition on `body` says that it is missing.
  }
}
