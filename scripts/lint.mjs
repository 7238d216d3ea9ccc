// Everything that can be said about the sources without running them. Usage: node scripts/lint.mjs [NAME…]
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

/** The checks by name: program and arguments. */
export const checks = {
  typecheck: ['tsc', ['-p', '.']],
  'typecheck-renderer': ['tsc', ['-p', 'extension/renderer']],
  eslint: ['eslint', ['--max-warnings', '0', '.']],
  boundaries: ['depcruise', ['--config', '.dependency-cruiser.cjs', 'agent', 'extension', 'test', 'scripts']],
  unused: ['knip', ['--no-progress']],
  format: ['prettier', ['--check', '--log-level', 'warn', '.']],
};

/** Runs the named checks, all of them, one after the other, and gives the names of those that failed. */
export async function lint(names = Object.keys(checks)) {
  const failed = [];
  for (const name of names) {
    console.error(`▸ ${name}`);
    if ((await run(...checks[name])) !== 0) failed.push(name);
  }
  return failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  const unknown = names.filter(name => !Object.hasOwn(checks, name));
  if (unknown.length > 0) {
    console.error(`No check named ${unknown.join(', ')}. There are: ${Object.keys(checks).join(', ')}`);
    process.exit(2);
  }
  setup();
  const failed = await lint(names.length > 0 ? names : undefined);
  if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
