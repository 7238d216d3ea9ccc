import { systemClock } from '../engine/clock';

/** What keeps an agent from leaving. */
export interface Activity {
  readonly clients: number;
  readonly runs: number;
  /** Milliseconds since 1970 when each live session was last used. */
  readonly sessionsUsedAt: readonly number[];
}

/** A session that nobody used for so long keeps nobody here (milliseconds). */
const sessionLife = 8 * 60 * 60 * 1000;

/** Lets the agent leave once nothing has gone on for a while. Nothing polls: one timer stands for the next moment. */
export class IdleExit {
  readonly #idleAfter: number;
  readonly #activity: () => Activity;
  readonly #leave: () => void;
  /** By a clock that nobody sets. */
  #quietSince = performance.now();
  #timer: { dispose(): void } | undefined;

  /** @param idleAfter milliseconds */
  constructor(idleAfter: number, activity: () => Activity, leave: () => void) {
    this.#idleAfter = idleAfter;
    this.#activity = activity;
    this.#leave = leave;
    this.changed();
  }

  /** Something came or ended: look again. */
  changed(): void {
    this.#quietSince = performance.now();
    this.#look();
  }

  stop(): void {
    this.#timer?.dispose();
  }

  #look(): void {
    this.#timer?.dispose();
    const { clients, runs, sessionsUsedAt } = this.#activity();
    if (clients > 0 || runs > 0) return;
    const waits = sessionsUsedAt.map(time => sessionLife - Math.max(0, Date.now() - time));
    const wait = Math.max(this.#quietSince + this.#idleAfter - performance.now(), ...waits);
    if (wait <= 0) this.#leave();
    else this.#timer = systemClock.after(wait, () => this.#look());
  }
}

/** Milliseconds after which an idle agent leaves: 15 minutes, or HANDRAIL_IDLE_SECONDS. */
export function idleTime(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env['HANDRAIL_IDLE_SECONDS'] ?? NaN);
  return seconds > 0 ? seconds * 1000 : 15 * 60 * 1000;
}
