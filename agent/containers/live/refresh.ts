/** Things of one kind of which more than so many are different are listed with all others. */
const mostSingle = 50;

/**
 * Says what is to be fetched after events: the first at once (after a moment, for what comes with it), the next not
 * before a while, one at a time; many events of one thing are one fetch.
 */
export class Refresh {
  readonly #fetch: (ids: readonly string[] | undefined) => Promise<void>;
  readonly #gap: number;
  readonly #ids = new Set<string>();
  #all = false;
  #held = true;
  #isFetching = false;
  #lastAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** `fetch` does not reject. `gap`: milliseconds between two fetches. */
  constructor(gap: number, fetch: (ids: readonly string[] | undefined) => Promise<void>) {
    this.#gap = gap;
    this.#fetch = fetch;
  }

  /** `id` is different; without one, all may be. */
  note(id: string | undefined): void {
    if (id === undefined) this.#all = true;
    else this.#ids.add(id);
    this.#schedule();
  }

  /** Begins with what was noted so far. */
  release(): void {
    this.#held = false;
    this.#schedule();
  }

  stop(): void {
    this.#held = true;
    this.#ids.clear();
    this.#all = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    const isNeeded = this.#all || this.#ids.size > 0;
    if (!isNeeded || this.#held || this.#isFetching || this.#timer !== undefined) return;
    const wait = Math.max(moment, this.#lastAt + this.#gap - performance.now());
    this.#timer = setTimeout(() => void this.#run(), wait);
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    const ids = this.#all || this.#ids.size > mostSingle ? undefined : [...this.#ids];
    this.#ids.clear();
    this.#all = false;
    this.#isFetching = true;
    this.#lastAt = performance.now();
    await this.#fetch(ids);
    this.#isFetching = false;
    this.#schedule();
  }
}

/** Milliseconds within which the events of one action mostly come. */
const moment = 15;
