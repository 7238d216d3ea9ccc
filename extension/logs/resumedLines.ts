import type { LogLine, LogSource } from '../../agent/protocol/logs';

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
  /** The time of each source's last line, of either output; and how many lines of that time were told. */
  readonly #last = new Map<string, { time: string; count: number }>();
  /** Of each source by its number: the times of its first line, and of its last one. */
  readonly #spans = new Map<number, { first: string; last: string }>();
  /** Those that a new log has not caught up with, with how many lines of the last time have come again. */
  readonly #behind = new Map<string, number>();

  /** `isFixed`: each log has the same sources in the same order, though one has gone whose name nobody knows any more. */
  constructor(isFixed: boolean) {
    this.#isFixed = isFixed;
  }

  /**
   * Milliseconds since 1970 that a new log has to begin at, so that also the source that was told least of goes on without
   * a gap; undefined: nothing was told.
   */
  get since(): number | undefined {
    const spans = [...this.#spans.values()];
    const isAnySilent = [...this.#known.values()].some(({ index }) => !this.#spans.has(index));
    // What a source has that nothing was told of may be as old as what is there.
    const times = spans
      .map(({ first, last }) => Date.parse(isAnySilent ? first : last))
      .filter(Number.isFinite);
    return times.length === 0 ? undefined : Math.min(...times) - 1000;
  }

  /** A new log begins. */
  begin(): void {
    this.#numbers = new Map();
    for (const index of this.#spans.keys())
      for (const isError of [false, true]) this.#behind.set(keyOf(index, isError), 0);
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
      const key = keyOf(index, isError);
      const span = this.#spans.get(index);
      if (this.#isKnown(key, time, span?.first ?? '')) return [];
      this.#spans.set(index, { first: span?.first ?? time, last: time });
      const last = this.#last.get(key);
      this.#last.set(key, { time, count: last?.time === time ? last.count + 1 : 1 });
      return [[index, time, isError, text, goesOn] satisfies LogLine];
    });
  }

  /**
   * Lines can have one time: of those as many have been there as were counted. What is older than the `first` line of its
   * source was not asked for.
   */
  #isKnown(key: string, time: string, first: string): boolean {
    const again = this.#behind.get(key);
    if (again === undefined) return false;
    const last = this.#last.get(key);
    if (time < (last?.time ?? first)) return true;
    if (time === last?.time && again < last.count) {
      this.#behind.set(key, again + 1);
      return true;
    }
    this.#behind.delete(key);
    return false;
  }
}

function keyOf(index: number, isError: boolean): string {
  return `${String(index)} ${String(isError)}`;
}
