import type { Log } from './log';

/** Milliseconds that the whole departure may take; runs are cancelled by a ladder of several seconds. */
const longest = 20_000;

/** What has to be ended before the process may end, in reverse order of its beginning. */
export class Departure {
  readonly #log: Log;
  readonly #parts: { readonly name: string; readonly end: () => void | Promise<void> }[] = [];
  #isLeaving = false;

  constructor(log: Log) {
    this.#log = log;
  }

  add(name: string, end: () => void | Promise<void>): void {
    this.#parts.push({ name, end });
  }

  /** Ends everything and then the process. A second call changes nothing. */
  leave(reason: string): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#log.info('Leaving', { reason });
    setTimeout(() => {
      this.#log.warn('Leaving took too long');
      process.exit(1);
    }, longest).unref();
    void this.#endAll();
  }

  async #endAll(): Promise<void> {
    for (const { name, end } of this.#parts.reverse()) {
      try {
        await end();
      } catch (error) {
        this.#log.error('A part could not be ended', error, { name });
      }
    }
    process.exit(0);
  }
}
