import type { StepRecord } from '../../protocol/runs';
import type { StepEnd } from '../step/stepEnd';
import type { PlannedStep } from '../types';

/** How a run goes: whether it goes on, and if not, why. The first reason wins. */
export class Course {
  readonly #cancelled = new AbortController();
  /** Why no further step is started. */
  #stopped: string | undefined;
  /** The step that ended the run before its time. */
  #culprit: string | undefined;
  /** It failed, whatever the steps say. */
  #hasFailed = false;
  readonly #messages: string[] = [];
  /** Indexes of failed steps after which what passed is to be undone. */
  readonly #undoAfter: number[] = [];
  readonly #keepGoing: boolean;
  readonly #rollback: boolean;

  constructor({ keepGoing, rollback }: { keepGoing: boolean; rollback: boolean }) {
    this.#keepGoing = keepGoing;
    this.#rollback = rollback;
  }

  get signal(): AbortSignal {
    return this.#cancelled.signal;
  }

  get isCancelled(): boolean {
    return this.#cancelled.signal.aborted;
  }

  /** Whether no further step is started. */
  get isOver(): boolean {
    return this.isCancelled || this.#stopped !== undefined;
  }

  /** Whether nothing went wrong. */
  get isGood(): boolean {
    return !this.isOver && !this.#hasFailed && this.#culprit === undefined;
  }

  /** How what is left ends, and why. */
  get notRun(): StepEnd {
    return { state: 'not-run', message: `not run: ${this.#stopped ?? 'the run was cancelled'}` };
  }

  /** After which step what has passed up to it is to be undone; nothing: not at all. */
  get undoAfter(): number | undefined {
    if (this.isCancelled || this.#undoAfter.length === 0) return undefined;
    return Math.max(...this.#undoAfter);
  }

  cancel(message?: string): void {
    this.#cancelled.abort();
    if (message !== undefined) this.#messages.push(message);
  }

  /** Something that concerns no single step makes it fail; `stops`: no further step is started. */
  fail(message: string, stops?: string): void {
    this.#hasFailed = true;
    this.#messages.push(message);
    this.#stopped ??= stops;
  }

  /** A step that had passed makes it fail; what is left goes on. */
  blame(step: string, message: string): void {
    this.fail(message);
    this.#culprit ??= step;
  }

  /** Something went wrong in Handrail itself. */
  break(): void {
    this.#hasFailed = true;
    this.#stopped = 'something went wrong in Handrail';
  }

  /** Adds to what is told at the end. */
  note(message: string): void {
    this.#messages.push(message);
  }

  /** Decides whether the run goes on after a step; `last`: index of the last of those that run at the same time. */
  judge(step: PlannedStep, end: StepEnd | undefined, last: number): void {
    if (end?.state === 'failed') this.#judgeFailed(step, last);
    else if (end?.state === 'cancelled') this.#stop(step, 'was cancelled');
  }

  /** State and message of a run whose steps ended so. */
  outcome(steps: readonly StepRecord[]): {
    state: 'passed' | 'failed' | 'cancelled';
    step?: string;
    message?: string;
  } {
    const states = new Set(steps.map(({ state }) => state));
    const state = this.#state(states);
    const words = state === 'cancelled' && this.#messages.length === 0 ? whereCancelled(steps) : undefined;
    const message = [...new Set(this.#messages), ...(words === undefined ? [] : [words])].join('\n');
    return {
      state,
      ...(this.#culprit === undefined ? {} : { step: this.#culprit }),
      ...(message === '' ? {} : { message }),
    };
  }

  #judgeFailed(step: PlannedStep, last: number): void {
    const { onError } = step.options;
    const goesOn = onError === 'continue' || (this.#keepGoing && onError !== 'rollback');
    if (onError === 'rollback' || (this.#rollback && onError !== 'continue')) this.#undoAfter.push(last);
    if (goesOn) this.#culprit ??= step.cell.name;
    else this.#stop(step, 'failed');
  }

  #stop({ cell }: PlannedStep, how: string): void {
    // What somebody cancels afterwards, its rollback say, changes nothing about that.
    if (how === 'failed' && !this.isCancelled) this.#hasFailed = true;
    this.#culprit ??= cell.name;
    this.#stopped ??= `${cell.name} ${how}`;
  }

  #state(states: ReadonlySet<StepRecord['state']>): 'passed' | 'failed' | 'cancelled' {
    const isCut = states.has('cancelled') || states.has('not-run');
    if (this.#hasFailed) return 'failed';
    if (this.isCancelled && isCut) return 'cancelled';
    if (states.has('failed')) return 'failed';
    // A step can be left out for no other reason.
    return isCut ? 'cancelled' : 'passed';
  }
}

function whereCancelled(all: readonly StepRecord[]): string | undefined {
  const steps = all.filter(({ undoes }) => undoes === undefined);
  const at = steps.findIndex(({ state }) => state === 'cancelled' || state === 'not-run');
  return at < 0 ? undefined : `cancelled at step ${at + 1} of ${steps.length}`;
}
