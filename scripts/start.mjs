// `npm start`: from a fresh clone to a runbook that runs through a real agent in this terminal.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.mjs';
import { root, setup } from './setup.mjs';

const runbook = join('runbooks', 'first-look.runbook.md');
const handrail = join(root, 'dist', 'handrail.js');

setup();
if (await isOutdated()) {
  console.error('Building…');
  const code = await run('node', [join('scripts', 'build.mjs')]);
  if (code !== 0) process.exit(code);
  // One that runs is of the old build. It stays if it is busy, and then it is the one to talk to.
  spawnSync('node', [handrail, 'agent', 'stop'], { cwd: root, stdio: 'ignore' });
}

const id = handToAgent();
const code = await run('node', [handrail, 'attach', id]);
if (code === 0) sayWhatNext();
process.exitCode = code;

/** Starts the run in the agent, which is started if it does not run, and gives the run's id. */
function handToAgent() {
  const args = [handrail, '--quiet', 'run', runbook, '--detach'];
  const { status, stdout, error } = spawnSync('node', args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  return stdout.toString().trim();
}

function sayWhatNext() {
  console.error(
    `
That was ${runbook}, run by the Handrail agent.

  npm run editor                          a VS Code in your browser, with Handrail and these runbooks
  npm run editor -- FOLDER                the same with a folder of yours
  node dist/handrail.js run FILE          run a Markdown file of yours here
  node dist/handrail.js show last         what was recorded of the last run
  node dist/handrail.js agent stop        end the agent; it also leaves by itself
`.trimEnd(),
  );
}

/** Whether any source is newer than what was built of it. */
async function isOutdated() {
  const built = ['handrail.js', 'cli.js', 'agent.js'].map(name => join(root, 'dist', name));
  if (!built.every(path => existsSync(path))) return true;
  const oldest = Math.min(...built.map(path => statSync(path).mtimeMs));
  const sources = await readdir(join(root, 'agent'), { recursive: true, withFileTypes: true });
  const paths = sources
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name));
  return [...paths, join(root, 'package.json')].some(path => statSync(path).mtimeMs > oldest);
}
