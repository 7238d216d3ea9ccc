import type { ClientEnvironment } from '../protocol/runs';

/** Variables of an environment. */
export type Environment = ReadonlyMap<string, string>;

/** What cells of every language share: folder, exported variables and umask. */
export class SessionState {
  cwd: string;
  umask: number;
  /** Changes with the environment: who kept it knows whether somebody else has changed variables since. */
  revision = 0;
  #env: Environment | (() => Environment);

  constructor(cwd: string, umask: number, env: Environment) {
    this.cwd = cwd;
    this.umask = umask;
    this.#env = env;
  }

  get env(): Environment {
    if (typeof this.#env === 'function') this.#env = this.#env();
    return this.#env;
  }

  /** Takes over what a client has changed since, except for what cells have changed themselves. */
  adopt(before: ClientEnvironment, after: ClientEnvironment): void {
    if (this.cwd === before.cwd) this.cwd = after.cwd;
    if (this.umask === before.umask) this.umask = after.umask;
    const changes = [...changesBetween(variables(before), variables(after))];
    const wanted = changes.filter(([name]) => !ofShells.has(name));
    if (wanted.length === 0) return;
    const env = new Map(this.env);
    for (const [name, value] of wanted) {
      if (env.get(name) !== before.env[name]) continue;
      if (value === undefined) env.delete(name);
      else env.set(name, value);
    }
    this.setEnv(env);
  }

  /** Takes the environment a cell left; read only when another language asks for it. */
  setEnv(env: Environment | (() => Environment)): void {
    this.#env = env;
    this.revision += 1;
  }
}

/** What has to be set (text) or unset (undefined) to get from one environment to another. */
export function changesBetween(from: Environment, to: Environment): Map<string, string | undefined> {
  const changes = new Map<string, string | undefined>();
  for (const name of from.keys()) if (!to.has(name)) changes.set(name, undefined);
  for (const [name, value] of to) if (from.get(name) !== value) changes.set(name, value);
  return changes;
}

/** What each shell sets for itself. */
const ofShells: ReadonlySet<string> = new Set(['PWD', 'OLDPWD', 'SHLVL', '_']);

function variables({ env }: ClientEnvironment): Environment {
  return new Map(Object.entries(env));
}
