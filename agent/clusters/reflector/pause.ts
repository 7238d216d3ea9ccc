/** Milliseconds until the next try after so many failures in a row: doubled each time up to `most`, with jitter. */
export function backoff(failures: number, most = 60_000): number {
  return Math.min(500 * 2 ** (failures - 1), most) * (0.7 + Math.random() * 0.6);
}

/** A wait that can be ended early. */
export class Pause {
  #end: () => void = () => undefined;

  /** Infinity waits until {@link end}. */
  async wait(ms: number): Promise<void> {
    const woken = Promise.withResolvers<void>();
    this.#end = () => woken.resolve();
    const timer = Number.isFinite(ms) ? setTimeout(this.#end, ms) : undefined;
    await woken.promise;
    clearTimeout(timer);
  }

  end(): void {
    this.#end();
  }
}
