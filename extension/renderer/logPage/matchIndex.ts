import { type LineStore, matches } from './lineStore';

/**
 * Which of the shown lines match what is searched for. Looked up bit by bit, so that a long log does not hold the page;
 * lines that come later are looked at when they are there.
 */
export class MatchIndex {
  readonly #store: Pick<LineStore, 'length' | 'at'>;
  #pattern: RegExp | undefined;
  /** Places of lines that match, in order. */
  #found: number[] = [];
  /** The first line that was not looked at. */
  #next = 0;

  constructor(store: Pick<LineStore, 'length' | 'at'>) {
    this.#store = store;
  }

  /** Begins anew: with another pattern, or because other lines are shown. */
  begin(pattern: RegExp | undefined): void {
    this.#pattern = pattern;
    this.#found = [];
    this.#next = 0;
  }

  /** So many of the shown lines have gone at the beginning. */
  dropped(count: number): void {
    if (count === 0) return;
    this.#next = Math.max(0, this.#next - count);
    this.#found = this.#found.map(at => at - count).filter(at => at >= 0);
  }

  /** Looks at more lines for about so many milliseconds; gives whether all have been looked at. */
  look(ms: number): boolean {
    const pattern = this.#pattern;
    if (pattern === undefined) return true;
    const end = performance.now() + ms;
    for (let looked = 1; this.#next < this.#store.length; looked++, this.#next++) {
      if (looked % 64 === 0 && performance.now() > end) return false;
      const line = this.#store.at(this.#next);
      if (line !== undefined && matches(line, pattern)) this.#found.push(this.#next);
    }
    return true;
  }

  /** How many lines match, as far as they were looked at. */
  get count(): number {
    return this.#found.length;
  }

  /** `3 of 12`, or `12 lines` where none of them is the chosen one; `+`: there may be more. */
  words(chosen: number, isWhole: boolean): string {
    const number = this.#found.indexOf(chosen) + 1;
    const count = `${this.count.toLocaleString('en')}${isWhole ? '' : '+'}`;
    if (number > 0) return `${number.toLocaleString('en')} of ${count}`;
    if (this.count === 0) return isWhole ? 'No results' : '';
    return `${count} ${this.count === 1 && isWhole ? 'line' : 'lines'}`;
  }
}
