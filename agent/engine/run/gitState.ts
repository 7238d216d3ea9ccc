import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The commit that is checked out where the runbook lies, and whether tracked files differ from it. */
export interface GitState {
  readonly commit?: string;
  readonly dirty?: boolean;
}

/** Asks git, for a short time, with no prompt and no program that the repository names. */
export async function gitState(folder: string, env: Readonly<Record<string, string>>): Promise<GitState> {
  if (!isInRepository(folder)) return {};
  const status = await git(folder, env, ['status', '--porcelain=v2', '--branch', '--untracked-files=no']);
  if (status === undefined) return {};
  const lines = status.split('\n').filter(line => line !== '');
  const commit = lines.find(line => line.startsWith('# branch.oid '))?.slice('# branch.oid '.length);
  const dirty = lines.some(line => !line.startsWith('#'));
  return { dirty, ...(commit === undefined || commit.startsWith('(') ? {} : { commit }) };
}

const deadline = 5000;

/** Looked up here, so that nothing is started where there is no repository. */
function isInRepository(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (dirname(at) === at) return false;
  }
}

/** What git printed; nothing where it is not installed, fails or takes too long. */
function git(
  cwd: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string | undefined> {
  const quiet = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  const options = {
    cwd,
    env: { ...env, ...quiet },
    timeout: deadline,
    maxBuffer: 16 << 20,
    windowsHide: true,
  };
  return new Promise(resolve => {
    execFile('git', ['-c', 'core.fsmonitor=false', ...args], options, (error, stdout) => {
      resolve(error ? undefined : stdout);
    });
  });
}
