/** Reads that are asked for by many at once, each under way once. */
export class SingleFlight<T> {
  readonly #pending = new Map<string, Promise<T>>();

  /** The read of `key` that is under way, else a new one. */
  read(key: string, start: () => Promise<T>): Promise<T> {
    const known = this.#pending.get(key);
    if (known !== undefined) return known;
    const pending = start().finally(() => {
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    });
    this.#pending.set(key, pending);
    return pending;
  }

  /** What is under way for `key` is out of date: whoever asks next starts anew. */
  forget(key?: string): void {
    if (key === undefined) this.#pending.clear();
    else this.#pending.delete(key);
  }
}
