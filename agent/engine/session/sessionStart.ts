import { dirname, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { HandrailError } from '../../protocol/errors';
import { readRegularFile } from '../../readRegularFile';
import { withOwnContext } from '../../identity/ownContext';
import type { ClientEnvironment } from '../../protocol/runs';
import type { Runbook } from '../../runbook/model';
import { declaredSecrets } from '../../runbook/secretsTable';
import { holdsNul, isFolder } from '../step/cellSpec';
import { frontMatterDiagnostic } from '../plan/frontMatterDiagnostic';
import type { Plan, PlannedRunbook } from '../types';

/** What a session starts from. */
export interface SessionStart {
  readonly file: string;
  /** What its cells find. */
  readonly environment: ClientEnvironment;
  /** The same variables and those that are secrets, which only the cells get that name them. */
  readonly env: ClientEnvironment['env'];
}

type Declaring = Pick<Runbook, 'source' | 'frontMatter'>;

/**
 * What a session of the runbook starts from: the client's environment, with the front matter's `env`, `dotenv` and
 * `cwd`, without what it declares as secret. Throws HandrailError `invalidRunbook` if that folder or one of those files
 * is not there.
 */
export function sessionStart(file: string, runbook: Declaring, environment: ClientEnvironment): SessionStart {
  const cwd = runbook.frontMatter?.values.cwd;
  const folder = typeof cwd === 'string' ? resolve(dirname(file), cwd) : environment.cwd;
  if (typeof cwd === 'string' && !isFolder(folder)) {
    throw refused(
      file,
      runbook,
      'cwd',
      'no-such-folder',
      `cwd in the front matter is not a folder: ${folder}`,
    );
  }
  const broken = holdsNul(stated(runbook));
  if (broken !== undefined) {
    const message = `env in the front matter: ${broken} has a NUL character in it, which no variable can hold`;
    throw refused(file, runbook, 'env', 'nul', message);
  }
  // As with every tool that reads such files, a variable that is set already stays as it is.
  const all = { ...dotenv(file, runbook), ...environment.env, ...stated(runbook) };
  const context = ownContext(file, runbook);
  const env = context === undefined ? all : withOwnContext(all, context);
  return { file, environment: { ...environment, cwd: folder, env: withoutSecrets(env, runbook) }, env };
}

/** Variables that a runbook's front matter gives to all its cells. Throws like {@link sessionStart}. */
export function frontMatterVariables(file: string, runbook: Declaring): Record<string, string> {
  return withoutSecrets({ ...dotenv(file, runbook), ...stated(runbook) }, runbook);
}

/** What the session of a plan starts from: also without what the runbooks that its cells need declare as secret. */
export function planStart(start: SessionStart, plan: Pick<Plan, 'file' | 'steps'>): SessionStart {
  const env = neededRunbooks(plan).reduce(
    (left, { runbook }) => withoutSecrets(left, runbook),
    start.environment.env,
  );
  return { ...start, environment: { ...start.environment, env } };
}

/** The runbooks that steps are of, beside the plan's own. */
export function neededRunbooks({ file, steps }: Pick<Plan, 'file' | 'steps'>): PlannedRunbook[] {
  const byFile = new Map(steps.map(({ from }) => [from.file, from]));
  byFile.delete(file);
  return [...byFile.values()];
}

/** Without what `env:` secrets are read from. */
function withoutSecrets(
  env: Readonly<Record<string, string>>,
  { frontMatter, source }: Declaring,
): Record<string, string> {
  const { secrets } = declaredSecrets(frontMatter, source);
  const places = secrets.filter(({ provider }) => provider === 'env').map(({ place }) => place);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !places.includes(name)));
}

/** The context of clusters that the runbook's cells act on, if it names one. Throws like {@link sessionStart}. */
function ownContext(file: string, runbook: Declaring): string | undefined {
  const context = runbook.frontMatter?.values.context;
  if (context === undefined || context === null) return undefined;
  if (typeof context === 'string' && context.trim() !== '') return context;
  throw refused(
    file,
    runbook,
    'context',
    'front-matter-value',
    'context in the front matter is not the name of a context',
  );
}

function stated({ frontMatter }: Declaring): Record<string, string> {
  const env = frontMatter?.values.env;
  if (typeof env !== 'object' || env === null) return {};
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
}

/** What the files that `dotenv` names say; a later one wins. */
function dotenv(file: string, runbook: Declaring): Record<string, string> {
  const named = runbook.frontMatter?.values.dotenv;
  const paths = Array.isArray(named)
    ? (named as unknown[])
    : named === undefined || named === null
      ? []
      : [named];
  return Object.assign({}, ...paths.map(path => readVariables(file, runbook, path))) as Record<
    string,
    string
  >;
}

function readVariables(file: string, runbook: Declaring, path: unknown): Record<string, string | undefined> {
  const wrong = (message: string): HandrailError => refused(file, runbook, 'dotenv', 'dotenv', message);
  if (typeof path !== 'string')
    throw wrong('dotenv in the front matter is neither a file nor a list of files');
  const absolute = resolve(dirname(file), path);
  try {
    return parseEnv(readRegularFile(absolute).toString());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const why =
      code === 'ENOENT' ? 'is not there. It is relative to the runbook' : `cannot be read: ${message}`;
    throw wrong(`dotenv in the front matter: ${absolute} ${why}`);
  }
}

function refused(
  file: string,
  runbook: Declaring,
  key: string,
  code: string,
  message: string,
): HandrailError {
  const { frontMatter } = runbook;
  if (!frontMatter)
    return new HandrailError('invalidRunbook', `${file}: ${message}`, { file, diagnostics: [] });
  const diagnostic = frontMatterDiagnostic(runbook, frontMatter, key, code, message);
  const place = `${file}:${diagnostic.line}:${diagnostic.column}`;
  return new HandrailError('invalidRunbook', `${place}: ${message}`, { file, diagnostics: [diagnostic] });
}
