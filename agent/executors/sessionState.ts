import type { ClientEnvironment } from '../protocol/runs';
import { HiddenSecrets } from './hiddenSecrets';

/** Variables of an environment. */
export type Environment = ReadonlyMap<string, string>;

/**
 * What cells of every language share: folder, exported variables and umask. Secrets that are known are placeholders
 * in all of it.
 */
export class SessionState {
  readonly secrets: HiddenSecrets;
  umask: number;
  /** Changes with the environment: who kept it knows whether somebody else has changed variables since. */
  revision = 0;
  #cwd: string;
  #env: Environment | (() => Environment);

  constructor(cwd: string, umask: number, env: Environment, secrets = new HiddenSecrets()) {
    this.secrets = secrets;
    this.umask = umask;
    this.#cwd = secrets.hide(cwd);
    this.#env = env;
  }

  get env(): Environment {
    if (typeof this.#env === 'function') this.#env = this.#env();
    return this.#env;
  }

  /** As it is; with a placeholder only where the secret is not known. */
  get cwd(): string {
    return this.secrets.reveal(this.#cwd);
  }

  set cwd(folder: string) {
    this.#cwd = this.secrets.hide(folder);
  }

  /** The folder as it is kept. */
  get hiddenCwd(): string {
    return this.#cwd;
  }

  /** What a process gets: secrets in the place of their placeholders. */
  get revealed(): Environment {
    return revealAll(this.env, this.secrets);
  }

  /** The same in another place; what changes in one does not in the other. */
  copy(): SessionState {
    const copy = new SessionState(this.#cwd, this.umask, this.env, this.secrets.copy());
    copy.revision = this.revision;
    return copy;
  }

  /** Hides what has become known as a secret. The revision stays: what it says is the same. */
  hide(): void {
    this.#cwd = this.secrets.hide(this.cwd);
    this.#env = new Map([...this.env].map(([name, value]) => [name, this.secrets.hide(value)]));
  }

  /** Takes over what a client has changed since, except for what cells have changed themselves. */
  adopt(before: ClientEnvironment, after: ClientEnvironment): void {
    if (this.cwd === before.cwd) this.cwd = after.cwd;
    if (this.umask === before.umask) this.umask = after.umask;
    const changes = [...changesBetween(variables(before), variables(after))];
    const wanted = changes.filter(([name]) => !ofShells.has(name));
    if (wanted.length === 0) return;
    const now = this.revealed;
    this.assign(new Map(wanted.filter(([name]) => now.get(name) === before.env[name])));
  }

  /** Sets (text) or unsets (undefined) variables. */
  assign(changes: ReadonlyMap<string, string | undefined>): void {
    if (changes.size === 0) return;
    const env = new Map(this.env);
    for (const [name, value] of changes) {
      if (value === undefined) env.delete(name);
      else env.set(name, this.secrets.hide(value));
    }
    this.setEnv(env);
  }

  /** Takes the environment a cell left; read only when another language asks for it. */
  setEnv(env: Environment | (() => Environment)): void {
    this.#env = env;
    this.revision += 1;
  }
}

/** The state that a session of this client begins with. */
export function initialState(
  { cwd, umask, env }: ClientEnvironment,
  secrets = new HiddenSecrets(),
): SessionState {
  const hidden = Object.entries(env).map(([name, value]) => [name, secrets.hide(value)] as const);
  return new SessionState(cwd, umask, new Map(hidden), secrets);
}

/** An environment with secrets in the place of their placeholders. */
export function revealAll(env: Environment, secrets: HiddenSecrets): Environment {
  return new Map([...env].map(([name, value]) => [name, secrets.reveal(value)]));
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
