import type { EngineEvent } from './engineEvent';

/** Events that are remembered; an engine has at most so many to tell of the past. */
const most = 1024;
/** Milliseconds that are asked for again after a break: an engine's clock may have been set. */
const overlap = 2000;

/** What was heard already, over all connections to one engine. */
export class SeenEvents {
  readonly #keys = new Set<string>();
  #last: number | undefined;

  /** From when on to ask for events, in ms of the engine's clock; `now` is what that said before. */
  since(now: number): number {
    if (this.#last !== undefined) return Math.min(this.#last, now) - overlap;
    this.#last = now;
    return now;
  }

  /** Whether it is new. */
  take({ key, time }: EngineEvent): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > most && oldest !== undefined) this.#keys.delete(oldest);
    this.#last = Math.max(this.#last ?? 0, time);
    return true;
  }
}
