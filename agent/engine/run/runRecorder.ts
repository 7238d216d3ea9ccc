import { HandrailError } from '../../protocol/errors';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { Redactor } from '../../secrets/types';
import type { HostProcess, RunStore } from '../../store/types';
import { omit } from '../omit';
import type { RunObserver } from '../types';

/** What words of a run a person reads are masked with. */
export type Mask = Pick<Redactor, 'isEmpty' | 'text'>;

/**
 * Holds the record of a run, its words masked. Every change is in the store before the observer hears of it; where
 * the store cannot be written the change is told all the same, {@link trouble} says why, and the next change tries
 * again. Throws what the store throws by mistake, after telling.
 */
export class RunRecorder {
  #run: RunRecord;
  readonly #store: RunStore;
  readonly #observer: RunObserver;
  readonly #mask: Mask;
  readonly #unwritten = new Set<number>();
  #trouble: string | undefined;

  /** Records the run. Throws HandrailError `store`. */
  constructor(run: RunRecord, store: RunStore, host: HostProcess, observer: RunObserver, mask: Mask) {
    store.create(run, host);
    this.#run = run;
    this.#store = store;
    this.#observer = observer;
    this.#mask = mask;
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

  /** Tells that the run has begun, and which steps are over already. */
  begin(): void {
    this.#observer.runChanged(this.#run);
    for (const step of this.#run.steps.filter(isDone)) this.#observer.stepChanged(this.#run, step);
  }

  /** Replaces steps; `at`: the name of the step the run is at, or that ended it. */
  changeSteps(steps: readonly StepRecord[], at?: string): void {
    const changed = this.#mask.isEmpty ? steps : steps.map(step => masked(step, this.#mask));
    const all = [...this.#run.steps];
    for (const step of changed) all[step.index] = step;
    const before = changed.map(({ index }) => this.step(index));
    this.#run = {
      ...this.#run,
      steps: all,
      stepsDone: this.#run.stepsDone + changed.filter(isDone).length - before.filter(isDone).length,
      stepsTotal: this.#run.stepsTotal + changed.filter(counts).length - before.filter(counts).length,
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

  /** Which versions of its tools were found; told with the next change. */
  changeTools(tools: Readonly<Record<string, string>>): void {
    this.#run = { ...this.#run, tools, seq: this.#run.seq + 1 };
    this.#write([]);
  }

  /** As whom and where it acts; told with the next change. */
  changeIdentity(identity: NonNullable<RunRecord['identity']>): void {
    const run = omit(this.#run, 'identity');
    this.#run = { ...run, seq: run.seq + 1, ...(identity.length === 0 ? {} : { identity }) };
    this.#write([]);
  }

  /** Says what the run as a whole waits for; nothing: it waits no longer. */
  say(message: string | undefined): void {
    if (message === this.#run.message) return;
    const run = omit(this.#run, 'message');
    this.#run = { ...run, seq: run.seq + 1, ...this.#wording(message) };
    this.#write([]);
    this.#observer.runChanged(this.#run);
  }

  /** Ends the run. */
  end(end: { state: RunRecord['state']; endedAt: number; step?: string; message?: string }): void {
    const run = omit(omit(this.#run, 'step'), 'message');
    this.#run = { ...run, ...end, ...this.#wording(end.message), seq: run.seq + 1 };
    try {
      this.#write([]);
    } finally {
      this.#observer.runChanged(this.#run);
    }
  }

  /** Tries to write what is not on disk; gives whether it now is. */
  writeAgain(): boolean {
    if (this.#trouble !== undefined) this.#write([]);
    return this.#trouble === undefined;
  }

  #wording(message: string | undefined): { message?: string } {
    return message === undefined ? {} : { message: this.#mask.text(message) };
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

/** The text stays as it was recorded when the run was made: it is the runbook's. */
function masked(step: StepRecord, mask: Mask): StepRecord {
  const { message, asks, outputs } = step;
  return {
    ...step,
    ...(message === undefined ? {} : { message: mask.text(message) }),
    ...(asks === undefined ? {} : { asks: mask.text(asks) }),
    ...(outputs === undefined ? {} : { outputs: maskedValues(outputs, mask) }),
  };
}

function maskedValues(values: Readonly<Record<string, string>>, mask: Mask): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, mask.text(value)]));
}

const doneStates: ReadonlySet<StepRecord['state']> = new Set([
  'passed',
  'failed',
  'skipped',
  'cancelled',
  'interrupted',
]);

/** A step that would undo another one is none of the run's steps as long as nothing has to be undone. */
function counts({ undoes, startedAt }: StepRecord): boolean {
  return undoes === undefined || startedAt !== undefined;
}

function isDone(step: StepRecord): boolean {
  return doneStates.has(step.state) && counts(step);
}
