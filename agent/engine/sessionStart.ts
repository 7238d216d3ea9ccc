import { dirname, resolve } from 'node:path';
import { HandrailError } from '../protocol/errors';
import type { ClientEnvironment } from '../protocol/runs';
import type { Runbook } from '../runbook/model';
import { isFolder } from './cellSpec';
import { frontMatterDiagnostic } from './frontMatterDiagnostic';

/** What a session starts from. */
export interface SessionStart {
  readonly file: string;
  readonly environment: ClientEnvironment;
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
  return { file, environment: start };
}

function variables(env: unknown): Record<string, string> {
  if (typeof env !== 'object' || env === null) return {};
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
}
