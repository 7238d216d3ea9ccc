import type Docker from 'dockerode';
import { HandrailError } from '../../protocol/errors';
import type { FoundEndpoint } from '../endpoints/foundEndpoint';
import { retries } from '../live/backoff';
import { greet, type Greeting, identify, type Identity } from './greeting';
import { type OpenDocker, openDocker } from './openDocker';
import { EngineUnusable, type Trouble, troubleOf } from './trouble';

/** An engine that has answered, and how to speak to it. */
export interface Connected {
  readonly docker: Docker;
  readonly greeting: Greeting;
  /** What it says of itself; asked once. */
  identify(): Promise<Identity>;
}

/** Milliseconds that a refusal holds which trying again does not help: for usage, logs and all others alike. */
const refusalHolds = 5 * 60_000;

/** The way to one engine. Made when first needed, made anew after trouble. */
export class EngineConnection {
  readonly endpoint: FoundEndpoint;
  /** Told of each trouble on the way, whoever met it. */
  onTrouble: (trouble: Trouble) => void = () => undefined;
  #open: OpenDocker | undefined;
  #connecting: Promise<Connected> | undefined;
  #refused: { readonly error: EngineUnusable; readonly until: number } | undefined;

  constructor(endpoint: FoundEndpoint) {
    this.endpoint = endpoint;
  }

  /** Connects, if that is not so already. Rejects with {@link EngineUnusable}. */
  connect(): Promise<Connected> {
    if (this.#connecting !== undefined) return this.#connecting;
    const refused = this.#refused;
    if (refused !== undefined && performance.now() < refused.until) return Promise.reject(refused.error);
    const connecting = this.#connect();
    this.#connecting = connecting;
    connecting.catch((error: unknown) => {
      if (error instanceof EngineUnusable && !retries(error.trouble.trouble))
        this.#refused = { error, until: performance.now() + refusalHolds };
      // It may have been closed, and even begun anew, meanwhile.
      if (this.#connecting === connecting) this.close();
    });
    return connecting;
  }

  /**
   * Does something with the engine. Trouble on the way rejects with {@link EngineUnusable}; what the engine itself
   * says is passed on.
   */
  async use<T>(action: (docker: Docker) => Promise<T>): Promise<T> {
    const { docker } = await this.connect();
    try {
      return await action(docker);
    } catch (error) {
      const trouble = isOurs(error) ? undefined : troubleOf(error, this.endpoint);
      if (trouble === undefined) throw error;
      this.onTrouble(trouble);
      throw new EngineUnusable(this.endpoint, trouble, error);
    }
  }

  /** An error of the way as {@link EngineUnusable}; whatever else as it is. */
  worded(error: unknown): Error {
    const trouble = troubleOf(error, this.endpoint);
    if (trouble === undefined || error instanceof EngineUnusable) return error as Error;
    return new EngineUnusable(this.endpoint, trouble, error);
  }

  /** The next use connects anew; what is under way goes on to its end: a pull, a download. */
  release(): void {
    this.#open?.release();
    this.#forget();
  }

  /** The same, and breaks what is under way. */
  close(): void {
    this.#open?.close();
    this.#forget();
  }

  /** A login that was refused may be tried again: somebody wants it, or has done something about it. */
  allow(): void {
    this.#refused = undefined;
  }

  #forget(): void {
    this.#open = undefined;
    this.#connecting = undefined;
  }

  async #connect(): Promise<Connected> {
    const { endpoint } = this;
    const open = this.#opened();
    this.#open = open;
    try {
      const { docker } = open;
      const greeting = await greet(docker, endpoint);
      open.speak(greeting.api);
      let identity: Promise<Identity> | undefined;
      return { docker, greeting, identify: () => (identity ??= identify(docker)) };
    } catch (error) {
      open.close();
      throw this.worded(error);
    }
  }

  #opened(): OpenDocker {
    const { endpoint } = this;
    if (endpoint.invalid !== undefined)
      throw new EngineUnusable(endpoint, { trouble: 'invalid', ...endpoint.invalid });
    try {
      return openDocker(endpoint);
    } catch (error) {
      const { message } = error as Error;
      throw new EngineUnusable(endpoint, { trouble: 'invalid', message }, error);
    }
  }
}

/** What we say ourselves, and our bugs, is no trouble with the engine. */
function isOurs(error: unknown): boolean {
  if (error instanceof EngineUnusable) return false;
  const bugs = [TypeError, RangeError, ReferenceError];
  return error instanceof HandrailError || bugs.some(kind => error instanceof kind);
}
