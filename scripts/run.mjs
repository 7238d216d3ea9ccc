// Sets up, then runs a program with the project's Node and tools first on PATH.
// Usage: node scripts/run.mjs PROGRAM [ARGUMENT…]
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, setup } from './setup.mjs';

const windows = process.platform === 'win32';
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program of node_modules/.bin, or any other, in the repository with this terminal. Whoever ends us ends it too,
 * and we end with it.
 * @returns {Promise<number>} its exit code; 128 + n where signal n ended it
 */
export function run(program, args = [], env = {}) {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env }, shell: windows };
  const child = spawn(program, args, options);
  let ending = false;
  const end = signal => {
    ending = true;
    // Ctrl-C reaches the child by the terminal itself; what is sent to us alone has to be passed on.
    if (signal !== 'SIGINT') child.kill(signal);
  };
  for (const signal of endings) process.on(signal, end);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const signal of endings) process.off(signal, end);
      const result = code ?? 128 + constants.signals[signal];
      // Nothing that would have come next is to be started.
      if (ending) process.exit(result);
      resolve(result);
    });
  });
}

/** Runs one of the project's TypeScript programs, given by its path from the repository's root. */
export function runTypeScript(path, args = [], env = {}) {
  return run('node', ['--import', 'tsx', join(root, path), ...args], env);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup();
  process.exitCode = await run(process.argv[2], process.argv.slice(3));
}
