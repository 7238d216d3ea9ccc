// Sets up, then runs a program with the project's Node and tools first on PATH.
// Usage: node scripts/run.mjs PROGRAM [ARGUMENT…]
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, setup } from './setup.mjs';

const windows = process.platform === 'win32';

/**
 * Runs a program of node_modules/.bin, or any other, in the repository with this terminal.
 * @returns {Promise<number>} its exit code; 128 + n where signal n ended it
 */
export function run(program, args = [], env = {}) {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env }, shell: windows };
  const child = spawn(program, args, options);
  // Ctrl-C reaches the child by the terminal itself; what is sent to us alone has to be passed on.
  const pass = signal => child.kill(signal);
  process.on('SIGTERM', pass).on('SIGINT', ignore);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', pass).off('SIGINT', ignore);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Runs one of the project's TypeScript programs, given by its path from the repository's root. */
export function runTypeScript(path, args = [], env = {}) {
  return run('node', ['--import', 'tsx', join(root, path), ...args], env);
}

function ignore() {}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup();
  process.exitCode = await run(process.argv[2], process.argv.slice(3));
}
