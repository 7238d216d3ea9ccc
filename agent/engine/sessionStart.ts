import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { HandrailError } from '../protocol/errors';
import type { ClientEnvironment } from '../protocol/runs';
import type { Runbook } from '../runbook/model';
import { isFolder } from './cellSpec';
import { frontMatterDiagnostic } from './frontMatterDiagnostic';

/** What a session starts from, and what tells it from other sessions of its runbook. */
export interface SessionStart {
  readonly file: string;
  readonly environment: ClientEnvironment;
  readonly key: string;
}

/**
 * What a session of the runbook starts from: the client's environment, with the front matter's `env` and `cwd`.
 * Throws HandrailError `invalidRunbook` if that folder is not there.
 */
export function sessionStart(
  file: string,
  { source, frontMatter }: Runbook,
  environment: ClientEnvironment,
): SessionStart {
  const { env, cwd } = frontMatter?.values ?? {};
  const folder = typeof cwd === 'string' ? resolve(dirname(file), cwd) : environment.cwd;
  if (frontMatter && typeof cwd === 'string' && !isFolder(folder)) {
    const message = `cwd in the front matter is not a folder: ${folder}`;
    const diagnostic = frontMatterDiagnostic({ source }, frontMatter, 'cwd', 'no-such-folder', message);
    const place = `${file}:${diagnostic.line}:${diagnostic.column}`;
    throw new HandrailError('invalidRunbook', `${place}: ${message}`, { file, diagnostics: [diagnostic] });
  }
  const start = { ...environment, cwd: folder, env: { ...environment.env, ...variables(env) } };
  return {
    file,
    environment: start,
    key: startKey(file, start, typeof cwd === 'string' ? folder : undefined),
  };
}

/**
 * Tells environments apart as far as cells would: one session serves clients that differ only in what changes with
 * every window, or a reload would lose the session.
 */
function startKey(file: string, { env, umask, user }: ClientEnvironment, cwd: string | undefined): string {
  const kept = Object.entries(env).filter(([name]) => !volatile.test(name));
  kept.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([file, kept, umask, user, cwd]))
    .digest('hex');
}

/** Names of a window, a terminal or a login, not of the person's set-up. */
const volatile =
  /^(VSCODE_.*|ELECTRON_.*|CHROME_.*|GIT_ASKPASS|TERM|TERM_.*|COLORTERM|COLUMNS|LINES|WINDOWID|SHLVL|PWD|OLDPWD|_|XDG_SESSION_ID|SSH_(CLIENT|CONNECTION|TTY|AUTH_SOCK)|DBUS_SESSION_BUS_ADDRESS|.*_PID|.*_IPC_HOOK.*)$/;

function variables(env: unknown): Record<string, string> {
  if (typeof env !== 'object' || env === null) return {};
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
}
