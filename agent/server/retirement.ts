import type { Activity } from './idleExit';

/** What is ended before an agent goes: a session's state is of use only where clients still find the agent. */
export type Finish = 'runs' | 'runs and sessions';

/** Milliseconds for those who followed the last run to fetch its output. */
const patience = 5000;

/** Lets an agent go that has lost its place, as soon as what it is at has ended; whoever is connected comes again. */
export class Retirement {
  readonly #activity: () => Activity;
  readonly #leave: (reason: string) => void;
  #reason: string | undefined;
  #finish: Finish = 'runs and sessions';
  #timer: NodeJS.Timeout | undefined;

  constructor(activity: () => Activity, leave: (reason: string) => void) {
    this.#activity = activity;
    this.#leave = leave;
  }

  /** Goes at once where there is nothing to end. */
  begin(reason: string, finish: Finish): void {
    this.#reason = reason;
    this.#finish = finish;
    if (!this.#isBusy()) this.#leave(reason);
  }

  /** Something may have ended. */
  look(): void {
    const reason = this.#reason;
    if (reason === undefined) return;
    if (this.#isBusy()) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    } else if (this.#activity().clients === 0) {
      this.#leave(reason);
    } else {
      this.#timer ??= setTimeout(() => this.#leave(reason), patience);
    }
  }

  #isBusy(): boolean {
    const { runs, sessionsUsedAt } = this.#activity();
    return runs > 0 || (this.#finish === 'runs and sessions' && sessionsUsedAt.length > 0);
  }
}
