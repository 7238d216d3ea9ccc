import type { WatchClock } from '../../../agent/health/watchClock';

/** A clock that goes on as a test says. */
export class ControlledClock implements WatchClock {
  online = true;
  #wall = 1_700_000_000_000;
  #monotonic = 0;
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  isOnline(): boolean {
    return this.online;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#monotonic + ms, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Has time go on, with all that is due called in its order and what follows from it done. */
  async pass(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      this.#goTo(next.at);
      this.#timers.delete(next);
      next.action();
      await settle();
    }
    this.#goTo(end);
  }

  /** The machine sleeps: only the wall clock goes on. Less than nothing: somebody sets it back. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  #goTo(monotonic: number): void {
    this.#wall += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }
}

/** Probes that need no time have come back after that. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setImmediate(resolve));
}
