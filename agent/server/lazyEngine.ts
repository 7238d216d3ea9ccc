import { HandrailError } from '../protocol/errors';
import type { Engine } from './agent';
import type { Log } from './log';

/**
 * Store and runs, opened when first needed. Where that fails the agent still answers, with the reason, and tries
 * again with the next request: a disk may be full only for a while.
 */
export class LazyEngine {
  readonly #open: () => Engine;
  #engine: Engine | undefined;

  constructor(open: () => Engine) {
    this.#open = open;
  }

  /** @throws HandrailError `store` */
  get(): Engine {
    return (this.#engine ??= this.#open());
  }

  /** Opens it if that can be done; the reason why not is noted. */
  tryToOpen(log: Log): void {
    try {
      this.get();
    } catch (error) {
      if (!(error instanceof HandrailError)) throw error;
      log.error('The history cannot be opened', error, error.details);
    }
  }

  get opened(): Engine | undefined {
    return this.#engine;
  }

  /** Cancels every run, ends every session, closes the history. */
  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = undefined;
  }
}
