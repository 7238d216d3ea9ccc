import type { LogLine, LogSource } from '../../../agent/protocol/logs';

/** Tells where in a log a source was started again. */
export class RestartNotes {
  readonly #startedAt = new Map<number, string>();
  /** Starts whose first line has not come, by source. */
  readonly #waiting = new Map<number, string>();

  /** Takes what is known of the sources now. */
  take(sources: readonly LogSource[]): void {
    for (const { index, startedAt } of sources) {
      if (startedAt === undefined) continue;
      const before = this.#startedAt.get(index);
      this.#startedAt.set(index, startedAt);
      if (before !== undefined && before !== startedAt) this.#waiting.set(index, startedAt);
    }
  }

  /** Whether one may have to stand before a line that comes. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** The notes that stand before a line. */
  before([source, time]: LogLine): LogLine[] {
    const startedAt = this.#waiting.get(source);
    // Both are RFC 3339 in UTC; a fraction may have any number of digits.
    if (startedAt === undefined || Date.parse(time) < Date.parse(startedAt)) return [];
    this.#waiting.delete(source);
    return [[source, startedAt, false, 'started again']];
  }
}
