import type { WatchClock } from './watchClock';

/** A jump by less than this is the work of whoever keeps the clock right, or of a busy machine. Milliseconds. */
const least = 30_000;

/** Finds out that the machine was asleep, or that its clock was set: by wall clock and monotonic one. */
export class SleepGauge {
  readonly #clock: WatchClock;
  #wall: number;
  #monotonic: number;

  constructor(clock: WatchClock) {
    this.#clock = clock;
    this.#wall = clock.now();
    this.#monotonic = clock.monotonic();
  }

  /**
   * Milliseconds that the wall clock has gone on, beyond the monotonic one, since the last call: less than nothing
   * where it was set back, nothing where they agree. `due`: when this was to be, by the monotonic clock. Systems
   * whose monotonic clock goes on in sleep are found out by how late it is.
   */
  jump(due?: number): number {
    const [wall, monotonic] = [this.#clock.now(), this.#clock.monotonic()];
    const beyond = wall - this.#wall - (monotonic - this.#monotonic);
    this.#wall = wall;
    this.#monotonic = monotonic;
    if (Math.abs(beyond) >= least) return beyond;
    const late = due === undefined ? 0 : monotonic - due;
    return late >= least ? late : 0;
  }
}
