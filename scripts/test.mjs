// All tests, or some. Usage: node scripts/test.mjs [unit [FILE…]|vscode [SUITE…]|desktop [SUITE…]]
// The last line is `N passed, N failed[, N skipped]`; a check of the sources counts as one test.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checks, lint } from './lint.mjs';
import { run, runTypeScript } from './run.mjs';
import { setup } from './setup.mjs';

/** The parts by what is asked for. */
const parts = {
  all: [pack, sources, allMocha, allSuites],
  unit: [unit],
  vscode: [build, vscode],
  desktop: [build, desktop],
};

const every = 'test/**/*.test.ts';

/** What starts real systems or many processes; the fast part leaves it out. */
const slow = 'test/**/*.real.test.ts';

const [name = 'all', ...suites] = process.argv.slice(2);
if (!Object.hasOwn(parts, name)) {
  console.error(`There is no part "${name}". There are: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), 'handrail-counts-'));
const countsFile = join(scratch, 'counts.json');
const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed in any part; told again at the end, where a long record of a run is read first. */
const named = [];
let complete = false;
process.once('exit', () => {
  rmSync(scratch, { recursive: true, force: true });
  if (!complete) process.exitCode ||= 1;
});

setup();
for (const part of parts[name]) add(await part());
complete = true;
for (const text of named) console.log(`  ✘ ${text.trim().split('\n').slice(0, 3).join('\n      ')}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;

function add(counts) {
  for (const key of Object.keys(total)) total[key] += counts[key] ?? 0;
  named.push(...(counts.named ?? []));
}

async function build() {
  const code = await run('node', ['scripts/build.mjs']);
  if (code !== 0) console.error('✘ the build failed');
  return { failed: code === 0 ? 0 : 1 };
}

/** Builds too, and checks what is in the package; some tests install it. */
async function pack() {
  const code = await run('node', ['scripts/package.mjs']);
  console.log(code === 0 ? '  ✔ package' : '  ✘ package');
  return code === 0 ? { passed: 1 } : { failed: 1, named: ['package'] };
}

async function sources() {
  const failed = await lint();
  const passed = Object.keys(checks).length - failed.length;
  return { passed, failed: failed.length, named: failed.map(check => `sources: ${check}`) };
}

function unit() {
  return counted(() => mocha(suites.length > 0 ? suites : [every, '--ignore', slow]));
}

/** Real systems have a second chance on a busy machine; who needs it is named at the end. */
function allMocha() {
  return counted(() => mocha([every, '--retries', '1']));
}

function mocha(args) {
  const reporter = ['--reporter', './test/support/countingReporter.cjs'];
  return run('mocha', [...reporter, ...args], { HANDRAIL_TEST_COUNTS: countsFile });
}

function vscode() {
  return counted(() => runTypeScript('test/vscode/main.ts', suites, { HANDRAIL_TEST_COUNTS: countsFile }));
}

/** As all of mocha's. */
function allSuites() {
  return counted(() =>
    runTypeScript('test/vscode/main.ts', ['--again'], { HANDRAIL_TEST_COUNTS: countsFile }),
  );
}

function desktop() {
  const options = { HANDRAIL_TEST_COUNTS: countsFile };
  return counted(() => runTypeScript('test/vscode/main.ts', ['--desktop', ...suites], options));
}

/** Runs something that leaves its counts in a file. One that fails otherwise counts as a failed test. */
async function counted(start) {
  rmSync(countsFile, { force: true });
  const code = await start();
  const counts = readCounts();
  if (code !== 0 && !counts?.failed) {
    return { ...counts, failed: 1, named: [`it ended with exit code ${code} though no test failed`] };
  }
  return counts ?? { failed: 1 };
}

function readCounts() {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8'));
  } catch {
    return undefined; // It ended before it could count; its exit code tells.
  }
}
