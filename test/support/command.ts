import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Milliseconds. */
  readonly deadline: number;
}

/** Runs a command to its end and gives its stdout. Throws with the end of what it said if it fails. */
export async function runCommand(command: string, args: string[], options: CommandOptions): Promise<string> {
  const { stdout } = await execute(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    timeout: options.deadline,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Path of a program on PATH. */
export async function findOnPath(...names: string[]): Promise<string | undefined> {
  for (const name of names) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const path = join(folder, name);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** Whether this user may execute the file. */
export function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
