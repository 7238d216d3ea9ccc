import type { Ending, Execution } from '../../executors/executor';
import type { Clock } from '../clock';
import type { StepEnd } from './stepEnd';

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
  readonly #halted = new AbortController();
  #unbegun: StepEnd | undefined;
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

  /** Nothing more is begun: no attempt, and not the step where it waits for its turn. */
  get halted(): AbortSignal {
    return this.#halted.signal;
  }

  /** How the step ends where it has not begun; nothing: it may begin. */
  get unbegun(): StepEnd | undefined {
    return this.#unbegun;
  }

  /** Lets the attempt that is under way come to its end, and begins nothing more. */
  halt(unbegun: StepEnd): void {
    this.#unbegun ??= unbegun;
    this.#halted.abort();
  }

  /** Called again, it goes to the next rung of the ladder. */
  cancel(): void {
    this.#cancelled.abort();
    this.halt({ state: 'cancelled', reason: 'cancel' });
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

  /** Waits; a cancel ends it, or what else `signal` tells. */
  async pause(ms: number, signal: AbortSignal = this.signal): Promise<void> {
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
