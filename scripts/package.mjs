// Makes handrail-VERSION.vsix, the same for every platform, and checks what is in it. Usage: npm run package
import { chmodSync, cpSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { apart } from './apart.mjs';
import { run } from './run.mjs';
import { root, setup } from './setup.mjs';
import { zipEntries } from './zipEntries.mjs';

// vsce leaves out the repository's node_modules, so the one package that cannot be bundled travels inside dist/.
const nodePty = join(root, 'dist', 'node_modules', 'node-pty');

/** What has to be in the package, and what must not. */
const needed = [
  'extension/package.json',
  'extension/readme.md',
  'extension/LICENSE.txt',
  'extension/dist/extension.js',
  'extension/dist/agent.js',
  'extension/dist/cli.js',
  'extension/dist/handrail.js',
  ...Object.keys(apart).map(name => `extension/dist/${name}.js`),
  'extension/dist/renderer.js',
  'extension/dist/node_modules/node-pty/lib/index.js',
  ...['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'].map(
    platform =>
      `extension/dist/node_modules/node-pty/prebuilds/${platform}/${platform.startsWith('win') ? 'conpty' : 'pty'}.node`,
  ),
];
const unwanted =
  /\.(pdb|map|ts|tsx|vsix)$|^extension\/(agent|extension|test|scripts|node_modules)\/|\/dist\/test\//;

setup();
process.exitCode = await makePackage();

async function makePackage() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = `handrail-${version}.vsix`;
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  if ((await run('node', ['scripts/build.mjs'])) !== 0) return 1;
  try {
    copyNodePty();
    const code = await run('vsce', [
      'package',
      '--no-dependencies',
      '--skip-license',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--out',
      file,
    ]);
    if (code !== 0) return code;
  } finally {
    rmSync(join(root, 'dist', 'node_modules'), { recursive: true, force: true });
  }
  const problems = problemsOf(join(root, file));
  for (const problem of problems) console.error(`✘ ${problem}`);
  if (problems.length === 0)
    console.log(`${file}: ${(statSync(join(root, file)).size / 2 ** 20).toFixed(1)} MiB`);
  return problems.length === 0 ? 0 : 1;
}

function copyNodePty() {
  const from = join(root, 'node_modules', 'node-pty');
  for (const name of ['package.json', 'LICENSE', 'lib', 'prebuilds']) {
    cpSync(join(from, name), join(nodePty, name), {
      recursive: true,
      filter: path => !path.endsWith('.pdb'),
    });
  }
  for (const platform of ['darwin-x64', 'darwin-arm64']) {
    chmodSync(join(nodePty, 'prebuilds', platform, 'spawn-helper'), 0o755);
  }
}

function problemsOf(file) {
  const entries = zipEntries(readFileSync(file));
  const problems = needed.filter(name => !entries.has(name)).map(name => `${name} is not in it`);
  for (const [name, { mode }] of entries) {
    if (unwanted.test(name)) problems.push(`${name} should not be in it`);
    if (name.endsWith('/spawn-helper') && (mode & 0o111) === 0) problems.push(`${name} is not executable`);
  }
  return problems;
}
