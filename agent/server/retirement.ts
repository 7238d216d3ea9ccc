import type { Activity } from './idleExit';

/** What is ended before an agent goes: a session's state is of use only where clients still find the agent. */
export type Finish = 'runs' | 'runs and sessions';

/** Lets an agent go that has lost its place, as soon as what it is at has ended; whoever is connected comes again. */
export class Retirement {
  readonly #activity: () => Activity;
  readonly #leave: (reason: string) => void;
  #reason: string | undefined;
  #finish: Finish = 'runs and sessions';

  constructor(activity: () => Activity, leave: (reason: string) => void) {
    this.#activity = activity;
    this.#leave = leave;
  }

  begin(reason: string, finish: Finish): void {
    this.#reason = reason;
    this.#finish = finish;
    this.look();
  }

  /** Something may have ended. */
  look(): void {
    const { runs, sessionsUsedAt } = this.#activity();
    const sessions = this.#finish === 'runs' ? 0 : sessionsUsedAt.length;
    if (this.#reason !== undefined && runs === 0 && sessions === 0) this.#leave(this.#reason);
  }
}
