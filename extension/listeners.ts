/** Those who want to hear of something; VS Code's `EventEmitter` for code that is also tested without VS Code. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  /** Tells `listener` from now on. */
  readonly add = (listener: (value: T) => void): { dispose(): void } => {
    this.#all.add(listener);
    return { dispose: () => void this.#all.delete(listener) };
  };

  tell(value: T): void {
    for (const listener of this.#all) listener(value);
  }

  dispose(): void {
    this.#all.clear();
  }
}
