import type Docker from 'dockerode';
import type { FoundEndpoint } from '../endpoints/foundEndpoint';
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

/** The way to one engine. Made when first needed, made anew after trouble. */
export class EngineConnection {
  readonly endpoint: FoundEndpoint;
  /** Told of each trouble on the way, whoever met it. */
  onTrouble: (trouble: Trouble) => void = () => undefined;
  #open: OpenDocker | undefined;
  #connecting: Promise<Connected> | undefined;

  constructor(endpoint: FoundEndpoint) {
    this.endpoint = endpoint;
  }

  /** Connects, if that is not so already. Rejects with {@link EngineUnusable}. */
  connect(): Promise<Connected> {
    if (this.#connecting !== undefined) return this.#connecting;
    const connecting = this.#connect();
    this.#connecting = connecting;
    connecting.catch(() => {
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
      const trouble = troubleOf(error, this.endpoint);
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

  /** Breaks what is open; the next use connects anew. */
  close(): void {
    this.#open?.close();
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
