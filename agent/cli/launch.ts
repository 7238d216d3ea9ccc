#!/usr/bin/env node
// The program `handrail`. It runs on whatever Node a person has, from 14 on, so it keeps to old APIs: it finds a
// Node that is new enough and hands over to it, or loads the commands here.
import { existsSync, lstatSync } from 'node:fs';
import * as module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../makeFolder';
import { loadCompiled } from './loadCompiled';

const needed = [22, 19] as const;
const marker = 'HANDRAIL_LAUNCHED';
const launched = process.env[marker] !== undefined;
delete process.env[marker];

if (newEnough(process.versions.node)) {
  loadHere();
} else {
  const node = launched ? undefined : betterNode();
  if (node === undefined) sayWhatToInstall();
  else void handOver(node);
}

function newEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}

function loadHere(): void {
  const program = join(__dirname, 'cli.js');
  const folder = cacheFolder();
  if (!isOurs(folder)) {
    module.createRequire(__filename)(program);
    return;
  }
  // For what the program loads later. Not the default folder: that one lies where other users can write, and what is
  // in it gets executed.
  module.enableCompileCache(process.env['NODE_COMPILE_CACHE'] === undefined ? folder : undefined);
  loadCompiled(program, folder, process.argv.includes('run') ? 'run' : 'other');
}

function cacheFolder(): string {
  const { HANDRAIL_HOME: all, XDG_CACHE_HOME: cache } = process.env;
  if (all !== undefined && all !== '') return join(all, 'cache');
  return join(cache !== undefined && cache !== '' ? cache : join(homedir(), '.cache'), 'handrail');
}

/**
 * What is in it gets executed: it is a folder of ours that nobody else writes in. Node would try for ever to make it
 * where the system holds no folders; without it we only start later.
 */
function isOurs(folder: string): boolean {
  try {
    makeFolder(folder);
    const found = lstatSync(folder);
    const { uid, mode } = found;
    const own = process.getuid === undefined || uid === process.getuid();
    return found.isDirectory() && own && (process.getuid === undefined || (mode & 0o022) === 0);
  } catch {
    return false;
  }
}

function betterNode(): string | undefined {
  const chosen = process.env['HANDRAIL_NODE'];
  if (chosen !== undefined && chosen !== '') return chosen;
  const bundled = join(
    __dirname,
    '..',
    'node_modules',
    `node-${process.platform}-${process.arch}`,
    'bin',
    'node',
  );
  return existsSync(bundled) ? bundled : undefined;
}

async function handOver(node: string): Promise<void> {
  // Loaded here, because where nothing is handed over it would only cost time.
  const { spawn } = await import('node:child_process');
  const env = { ...process.env, [marker]: '1' };
  const child = spawn(node, [__filename, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', error => {
    process.stderr.write(`handrail: cannot start ${node}: ${error.message}\n`);
    process.exit(2);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function sayWhatToInstall(): void {
  process.stderr.write(
    `handrail: needs Node ${needed.join('.')} or newer, and this is ${process.versions.node}.\n` +
      '  Install one (https://nodejs.org), or name one: HANDRAIL_NODE=/path/to/node handrail …\n',
  );
  process.exit(2);
}
