import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The commit that is checked out where the runbook lies, and whether tracked files differ from it. */
export interface GitState {
  readonly commit?: string;
  readonly dirty?: boolean;
}

/**
 * Asks git, for a short time, with no prompt and no program that the repository names. Where it names filters, which
 * git would run to compare files, only the commit is told.
 */
export async function gitState(folder: string, env: Readonly<Record<string, string>>): Promise<GitState> {
  if (!isInRepository(folder)) return {};
  if (await hasFilters(folder, env)) {
    const commit = await git(folder, env, ['rev-parse', '--verify', 'HEAD']);
    return commit === undefined ? {} : { commit: commit.trim() };
  }
  const status = await git(folder, env, ['status', ...statusOptions]);
  if (status === undefined) return {};
  const lines = status.split('\n').filter(line => line !== '');
  const commit = lines.find(line => line.startsWith('# branch.oid '))?.slice('# branch.oid '.length);
  const dirty = lines.some(line => !line.startsWith('#'));
  return { dirty, ...(commit === undefined || commit.startsWith('(') ? {} : { commit }) };
}

/** Submodules are not looked into: they have a configuration of their own. */
const statusOptions = [
  ...['--porcelain=v2', '--branch', '--untracked-files=no'],
  ...['--ignore-submodules=dirty', '--no-renames'],
];

const deadline = 5000;

/** Whether the repository's own configuration, not the person's, has filters; also where git cannot tell. */
async function hasFilters(folder: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const listed = await git(folder, env, ['config', '--list', '--show-scope', '--name-only', '-z']);
  if (listed === undefined) return true;
  const words = listed.split('\0');
  return words.some(
    (key, at) => key.startsWith('filter.') && /^(?:local|worktree)$/.test(words[at - 1] ?? ''),
  );
}

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
