import { HandrailError } from '../protocol/errors';
import type { RunRecord, StepRecord } from '../protocol/runs';
import type { HostProcess, RunStore } from '../store/types';
import { omit } from './omit';
import type { RunObserver } from './types';

/**
 * Holds the record of a run. Every change is in the store before the observer hears of it; where the store cannot
 * be written the change is told all the same, {@link trouble} says why, and the next change tries again. Throws what
 * the store throws by mistake, after telling.
 */
export class RunRecorder {
  #run: RunRecord;
  readonly #store: RunStore;
  readonly #observer: RunObserver;
  readonly #unwritten = new Set<number>();
  #trouble: string | undefined;

  /** Records the run. Throws HandrailError `store`. */
  constructor(run: RunRecord, store: RunStore, host: HostProcess, observer: RunObserver) {
    store.create(run, host);
    this.#run = run;
    this.#store = store;
    this.#observer = observer;
  }

  get run(): RunRecord {
    return this.#run;
  }

  /** Why the last change is not on disk, if it is not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  step(index: number): StepRecord {
    const step = this.#run.steps[index];
    if (!step) throw new RangeError(`No step ${index}`);
    return step;
  }

  /** Tells that the run has begun. */
  begin(): void {
    this.#observer.runChanged(this.#run);
  }

  /** Replaces steps; `at`: the name of the step the run is at, or that ended it. */
  changeSteps(changed: readonly StepRecord[], at?: string): void {
    const steps = [...this.#run.steps];
    for (const step of changed) steps[step.index] = step;
    const before = changed.filter(({ index }) => isDone(this.step(index))).length;
    const after = changed.filter(isDone).length;
    const stepsDone = this.#run.stepsDone + after - before;
    this.#run = {
      ...this.#run,
      steps,
      stepsDone,
      seq: this.#run.seq + 1,
      ...(at === undefined ? {} : { step: at }),
    };
    try {
      this.#write(changed);
    } finally {
      for (const step of changed) this.#observer.stepChanged(this.#run, step);
    }
  }

  /** What git told, which comes when it comes: after the end it is recorded and not told. */
  changeOrigin(origin: { commit?: string; dirty?: boolean }): void {
    this.#run = { ...this.#run, ...origin, seq: this.#run.seq + 1 };
    this.#write([]);
    if (this.#run.state === 'running') this.#observer.runChanged(this.#run);
  }

  /** Ends the run. */
  end({ state, endedAt, step }: { state: RunRecord['state']; endedAt: number; step?: string }): void {
    const run = omit(this.#run, 'step');
    this.#run = { ...run, state, endedAt, seq: run.seq + 1, ...(step === undefined ? {} : { step }) };
    try {
      this.#write([]);
    } finally {
      this.#observer.runChanged(this.#run);
    }
  }

  #write(changed: readonly StepRecord[]): void {
    for (const { index } of changed) this.#unwritten.add(index);
    try {
      this.#store.update(
        this.#run,
        [...this.#unwritten].map(index => this.step(index)),
      );
      this.#unwritten.clear();
      this.#trouble = undefined;
    } catch (error) {
      if (!(error instanceof HandrailError)) throw error;
      this.#trouble = error.message;
    }
  }
}

const doneStates: ReadonlySet<StepRecord['state']> = new Set([
  'passed',
  'failed',
  'skipped',
  'cancelled',
  'interrupted',
]);

function isDone({ state }: StepRecord): boolean {
  return doneStates.has(state);
}
