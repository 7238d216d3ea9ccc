import type { Clock } from '../clock';
import type { RunRecorder } from './runRecorder';

/** Milliseconds between two tries; each pause is twice as long as the one before. */
const firstPause = 500;
const longestPause = 30_000;

/**
 * Ends of runs that could not be recorded: written as soon as that can be done, because a run whose process lives
 * would else be told as running for ever.
 */
export class LateEnds {
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  readonly #waiting = new Map<RunRecorder, () => void>();
  #pause = firstPause;
  #timer: { dispose(): void } | undefined;

  constructor(clock: Clock, report: (error: unknown) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /** `written` is called once it is on disk, or never can be. */
  add(recorder: RunRecorder, written: () => void): void {
    this.#waiting.set(recorder, written);
    this.#pause = firstPause;
    this.#wait();
  }

  /** Tries at once. */
  write(): void {
    for (const [recorder, written] of this.#waiting) {
      if (!this.#isWritten(recorder)) continue;
      this.#waiting.delete(recorder);
      written();
    }
    this.#wait();
  }

  /** Tries once more and gives up. */
  close(): void {
    this.write();
    this.#waiting.clear();
    this.#timer?.dispose();
  }

  #isWritten(recorder: RunRecorder): boolean {
    try {
      return recorder.writeAgain();
    } catch (error) {
      this.#report(error);
      return true;
    }
  }

  #wait(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    this.#timer = this.#clock.after(this.#pause, () => this.write());
    this.#pause = Math.min(this.#pause * 2, longestPause);
  }
}
