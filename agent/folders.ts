import * as os from 'node:os';
import * as path from 'node:path';
import { HandrailError } from './protocol/errors';

/** Where Handrail keeps its files, one set a user. Absolute paths; the folders need not be there yet. */
export interface Folders {
  /** History, exported output, caches. */
  readonly data: string;
  /** Socket, token, lock, files of sessions; gone after a reboot. */
  readonly runtime: string;
  readonly logs: string;
  readonly config: string;
}

/**
 * The folders that an environment asks for: `HANDRAIL_HOME` moves all of them, the XDG variables theirs
 * (https://specifications.freedesktop.org/basedir-spec/latest/), else the system's custom.
 *
 * @throws HandrailError `store` with reason `no-home` where there is no home folder to put them in.
 */
export function handrailFolders(env: NodeJS.ProcessEnv): Folders {
  const moved = absolute(env['HANDRAIL_HOME'] && path.resolve(env['HANDRAIL_HOME']));
  if (moved !== undefined) return below(moved);
  const custom = process.platform === 'win32' ? windowsFolders(env) : unixFolders(env);
  return {
    ...custom,
    data: xdg(env, 'XDG_DATA_HOME') ?? custom.data,
    logs: xdg(env, 'XDG_STATE_HOME') ?? custom.logs,
    config: xdg(env, 'XDG_CONFIG_HOME') ?? custom.config,
    runtime: xdg(env, 'XDG_RUNTIME_DIR') ?? custom.runtime,
  };
}

function below(home: string): Folders {
  return {
    data: path.join(home, 'data'),
    runtime: path.join(home, 'run'),
    logs: path.join(home, 'logs'),
    config: path.join(home, 'config'),
  };
}

function unixFolders(env: NodeJS.ProcessEnv): Folders {
  const home = homeFolder(env);
  const runtime = path.join(absolute(env['TMPDIR']) ?? '/tmp', `handrail-${String(process.getuid?.() ?? 0)}`);
  if (process.platform === 'darwin') {
    return {
      data: path.join(home, 'Library', 'Application Support', 'handrail'),
      logs: path.join(home, 'Library', 'Logs', 'handrail'),
      config: path.join(home, 'Library', 'Preferences', 'handrail'),
      runtime,
    };
  }
  return {
    data: path.join(home, '.local', 'share', 'handrail'),
    logs: path.join(home, '.local', 'state', 'handrail'),
    config: path.join(home, '.config', 'handrail'),
    runtime,
  };
}

function windowsFolders(env: NodeJS.ProcessEnv): Folders {
  const local = absolute(env['LOCALAPPDATA']) ?? path.join(homeFolder(env), 'AppData', 'Local');
  const roaming = absolute(env['APPDATA']) ?? path.join(homeFolder(env), 'AppData', 'Roaming');
  return {
    data: path.join(local, 'handrail', 'Data'),
    runtime: path.join(local, 'handrail', 'Runtime'),
    logs: path.join(local, 'handrail', 'Log'),
    config: path.join(roaming, 'handrail', 'Config'),
  };
}

function homeFolder(env: NodeJS.ProcessEnv): string {
  const named = absolute(env[process.platform === 'win32' ? 'USERPROFILE' : 'HOME']) ?? accountFolder();
  if (named !== undefined) return named;
  throw new HandrailError(
    'store',
    'There is no home folder: set HOME or HANDRAIL_HOME to a folder of yours',
    {
      reason: 'no-home',
    },
  );
}

/** The home folder of the account; accounts that exist only as a number have none. */
function accountFolder(): string | undefined {
  try {
    return absolute(os.userInfo().homedir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return undefined;
    throw error;
  }
}

/** The specification says that a relative path is to be ignored. */
function xdg(env: NodeJS.ProcessEnv, variable: string): string | undefined {
  const base = absolute(env[variable]);
  return base === undefined ? undefined : path.join(base, 'handrail');
}

function absolute(value: string | undefined): string | undefined {
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}
