// A real VS Code with Handrail loaded, in the browser. Usage: npm run editor [-- FOLDER]
// FOLDER: what to open; without it a copy of runbooks/, which goes when this ends.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { run, runTypeScript } from './run.mjs';
import { setup } from './setup.mjs';

const folder = process.argv[2];
if (folder && !existsSync(folder)) {
  console.error(`There is no folder ${resolve(folder)}.`);
  process.exit(2);
}
setup();
const code = await run('node', ['scripts/build.mjs']);
process.exitCode =
  code !== 0 ? code : await runTypeScript('test/support/editor.ts', folder ? [resolve(folder)] : []);
