import type { LogLine, LogSource } from '../../../agent/protocol/logs';

/**
 * Puts together what one log told before the agent went and what a new one tells: sources keep their numbers by their
 * names, and of the lines that come again those that were there are left out.
 */
export class ResumedLines {
  readonly #isFixed: boolean;
  /** Sources by what tells them apart, as the page knows them. */
  readonly #known = new Map<string, LogSource>();
  /** The page's number of each source of the present log. */
  #numbers = new Map<number, number>();
  /** The time of each source's last line, of either output. */
  readonly #last = new Map<string, string>();
  /** Those that a new log has not caught up with. */
  readonly #behind = new Set<string>();

  /** `isFixed`: each log has the same sources in the same order, though one has gone whose name nobody knows any more. */
  constructor(isFixed: boolean) {
    this.#isFixed = isFixed;
  }

  /** Milliseconds since 1970 that a new log has to begin at; undefined: nothing was told. */
  get since(): number | undefined {
    const times = [...this.#last.values()].map(time => Date.parse(time)).filter(Number.isFinite);
    return times.length === 0 ? undefined : Math.max(...times) - 1000;
  }

  /** A new log begins. */
  begin(): void {
    this.#numbers = new Map();
    for (const key of this.#last.keys()) this.#behind.add(key);
  }

  sources(told: readonly LogSource[]): LogSource[] {
    for (const source of told) {
      const key = this.#isFixed ? String(source.index) : source.name;
      const known = this.#known.get(key);
      const index = this.#numbers.get(source.index) ?? known?.index ?? this.#known.size;
      this.#numbers.set(source.index, index);
      const name = this.#isFixed && source.state === 'ended' ? (known?.name ?? source.name) : source.name;
      this.#known.set(key, { ...source, name, index });
    }
    return [...this.#known.values()];
  }

  lines(told: readonly LogLine[]): LogLine[] {
    return told.flatMap(([source, time, isError, text, goesOn]) => {
      const index = this.#numbers.get(source) ?? source;
      const key = `${String(index)} ${String(isError)}`;
      if (this.#behind.has(key)) {
        if (time <= (this.#last.get(key) ?? '')) return [];
        this.#behind.delete(key);
      }
      this.#last.set(key, time);
      return [[index, time, isError, text, goesOn] satisfies LogLine];
    });
  }
}
