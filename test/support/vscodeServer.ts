import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runCommand } from './command';
import { CannotInstall, provide, type RealSystem, type Started } from './realSystem';

const version = '4.139.1';
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'handrail-test');
const folder = join(cache, `code-server-${version}`);
const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');

/** The real VS Code as a server for browsers, from npm; its path is that of the server's main script. */
export const vscodeServer: RealSystem = {
  name: `VS Code (code-server ${version})`,
  async find() {
    // npm writes this file last: without it an installation was cut off.
    const complete = join(vscode, 'node_modules', '.package-lock.json');
    const there = await access(complete).then(
      () => true,
      () => false,
    );
    return there ? join(vscode, 'out', 'server-main.js') : undefined;
  },
  install,
};

async function install(): Promise<void> {
  console.error(`Installing VS Code (code-server ${version} from npm) into ${folder}…`);
  await mkdir(cache, { recursive: true });
  // Built aside and moved at the end, so that two at the same time do not meet.
  const aside = await mkdtemp(join(cache, 'installing-'));
  const npm = (args: string[], cwd: string) =>
    runCommand('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...args], {
      cwd,
      deadline: 10 * 60_000,
    });
  try {
    await writeFile(join(aside, 'package.json'), '{"private":true}');
    await npm([`code-server@${version}`], aside);
    await npm(['--omit=dev'], join(aside, 'node_modules', 'code-server', 'lib', 'vscode'));
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } catch (cause) {
    throw new CannotInstall(`npm install code-server@${version} failed: ${String(cause)}`, { cause });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

export interface VSCodeServerOptions {
  /** Private folder for its data, settings and extensions. */
  readonly folder: string;
  readonly env?: Record<string, string>;
  /** Whether workspaces are restricted until trusted. */
  readonly trust?: boolean;
  readonly settings?: Record<string, unknown>;
  /** Path of a .vsix to install. */
  readonly vsix?: string;
  /** 0 (default): any free one. */
  readonly port?: number;
}

const quiet = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** Starts a VS Code server on loopback; its address is where a browser finds it. */
export async function startVSCodeServer(options: VSCodeServerOptions): Promise<Started> {
  const main = await provide(vscodeServer);
  const at = (name: string) => join(options.folder, name);
  const folders = ['server', 'user', 'extensions'].map(at);
  const [server, user, extensions] = folders as [string, string, string];
  await writeSettings(user, server, { ...quiet, ...options.settings });
  const places = ['--server-data-dir', server, '--user-data-dir', user, '--extensions-dir', extensions];
  const common = [main, ...places, '--accept-server-license-terms', '--telemetry-level', 'off'];
  if (options.vsix) {
    await runCommand(process.execPath, [...common, '--install-extension', options.vsix, '--force'], {
      deadline: 60_000,
    });
  }
  const args = ['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--without-connection-token'];
  if (!options.trust) args.push('--disable-workspace-trust');
  const child = spawn(process.execPath, [...common, ...args, '--enable-smoke-test-driver'], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { address: await addressOf(child), [Symbol.asyncDispose]: () => end(child) };
}

async function writeSettings(user: string, server: string, settings: Record<string, unknown>): Promise<void> {
  const text = JSON.stringify(settings, undefined, 2);
  for (const path of [join(user, 'User'), join(server, 'data', 'Machine')]) {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'settings.json'), text);
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const fail = (why: string) => {
      clearTimeout(deadline);
      reject(new Error(`VS Code's server ${why}. It said:\n${said.slice(-20).join('\n')}`));
    };
    const deadline = setTimeout(fail, 60_000, 'was not ready within 60 s');
    const read = (line: string) => {
      if (said.push(line) > 100) said.shift();
      const port = /Extension host agent listening on (\d+)/.exec(line)?.[1];
      if (!port) return;
      clearTimeout(deadline);
      resolve(`http://127.0.0.1:${port}`);
    };
    for (const stream of [child.stdout!, child.stderr!]) createInterface(stream).on('line', read);
    child.once('error', error => fail(`could not be started: ${error.message}`));
    child.once('exit', code => fail(`ended with exit code ${code}`));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const harder = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(harder);
}
