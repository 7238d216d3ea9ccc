import type { Ending, Execution } from '../../executors/executor';
import type { Clock } from '../clock';

/**
 * Milliseconds after which a timer is so late that this process was stopped or starved: then a cell may have ended in
 * time without our having heard of it, which needs a moment.
 */
const lateness = 100;
const hearing = 50;

/** The hold on a step under way: stops whatever it is at, gives its terminal input. */
export class StepControl {
  readonly #clock: Clock;
  readonly #cancelled = new AbortController();
  #execution: Execution | undefined;
  /** Runs beside the others and outlives what the step itself does. */
  #beside: Execution | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isCancelled(): boolean {
    return this.#cancelled.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.#cancelled.signal;
  }

  /** Called again, it goes to the next rung of the ladder. */
  cancel(): void {
    this.#cancelled.abort();
    this.#execution?.stop('cancel');
    this.#beside?.stop('cancel');
  }

  write(data: Uint8Array): void {
    (this.#beside ?? this.#execution)?.write(data);
  }

  resize(columns: number, rows: number): void {
    (this.#beside ?? this.#execution)?.resize(columns, rows);
  }

  /** Takes hold of a cell that runs beside the others. */
  hold(execution: Execution): void {
    this.#beside = execution;
  }

  /** Waits for what `start` starts, at most `timeout` milliseconds. A step that is cancelled starts nothing. */
  async execute(start: () => Execution, timeout: number | undefined): Promise<Ending> {
    if (this.isCancelled) return { reason: 'cancel' };
    const execution = start();
    this.#execution = execution;
    const timer = timeout === undefined ? undefined : this.#stopAfter(timeout, execution);
    try {
      return await execution.ended;
    } finally {
      timer?.dispose();
      this.#execution = undefined;
    }
  }

  #stopAfter(timeout: number, execution: Execution): { dispose(): void } {
    const due = this.#clock.elapsed() + timeout;
    const stop = (): void => execution.stop('timeout');
    let timer = this.#clock.after(timeout, () => {
      const isLate = this.#clock.elapsed() - due > lateness;
      if (isLate) timer = this.#clock.after(hearing, stop);
      else stop();
    });
    return { dispose: () => timer.dispose() };
  }

  /** Waits; a cancel ends it. */
  async pause(ms: number): Promise<void> {
    const { signal } = this.#cancelled;
    if (signal.aborted) return;
    await new Promise<void>(resolve => {
      const stop = (): void => {
        timer.dispose();
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const timer = this.#clock.after(ms, stop);
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
