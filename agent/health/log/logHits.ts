/** Hits whose time is kept; of more it is known that there were at least as many. */
const mostKept = 10_000;

/** Lines that are kept as they are, and characters of one. */
const mostLines = 20;
const longest = 1000;

/** The lines of a log that matched, with when. */
export class LogHits {
  #times: number[] = [];
  #lines: { readonly at: number; readonly text: string }[] = [];

  /** `at`: milliseconds since 1970. */
  add(at: number, line: string): void {
    this.#times.push(at);
    if (this.#times.length > 2 * mostKept) this.#times = this.#times.slice(-mostKept);
    this.#lines = [...this.#lines, { at, text: line.slice(0, longest) }].slice(-mostLines);
  }

  /** Forgets those before `since`, and tells of the others. */
  from(since: number): { count: number; last: number | undefined; lines: string[] } {
    this.#times = this.#times.filter(at => at >= since);
    this.#lines = this.#lines.filter(({ at }) => at >= since);
    return {
      count: this.#times.length,
      last: this.#times.reduce<number | undefined>((last, at) => Math.max(last ?? at, at), undefined),
      lines: this.#lines.map(({ text }) => text),
    };
  }
}
