import { HandrailError } from '../../protocol/errors';
import type { RunStore } from '../../store/types';
import type { Clock } from '../clock';
import { plainPrinted } from '../../text/plainPrinted';

/** Makes the ends of ended steps searchable, when nothing more urgent is to be done. */
export class OutputIndex {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  readonly #waiting: Ended[] = [];
  #timer: { dispose(): void } | undefined;

  constructor(store: RunStore, clock: Clock, report: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#report = report;
  }

  /** `end`: the last that the step printed, at least 64 KiB of it. */
  add(run: string, step: number, end: Uint8Array): void {
    this.#waiting.push({ run, step, end });
    this.#timer ??= this.#clock.after(pause, () => this.#one());
  }

  /** Does at once what is left. */
  finish(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    for (const next of this.#waiting.splice(0)) this.#take(next);
  }

  #one(): void {
    const next = this.#waiting.shift();
    if (next) this.#take(next);
    this.#timer = this.#waiting.length === 0 ? undefined : this.#clock.after(pause, () => this.#one());
  }

  #take({ run, step, end }: Ended): void {
    try {
      this.#store.index(run, step, plainPrinted(end.subarray(-longest)));
    } catch (error) {
      // Runs go on where their output cannot be searched; why, the store says to whoever writes next.
      if (!(error instanceof HandrailError)) this.#report(error);
    }
  }
}

interface Ended {
  readonly run: string;
  readonly step: number;
  readonly end: Uint8Array;
}

/** Bytes. */
const longest = 64 * 1024;

/** Milliseconds: the next cell has begun by then, and we wait for it anyway. */
const pause = 5;
