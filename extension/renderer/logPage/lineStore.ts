import type { LogLine } from '../../../agent/protocol/logs';
import { plainText } from './ansi';

/** A line as the page keeps it. */
export interface KeptLine {
  readonly source: number;
  readonly time: string;
  readonly isError: boolean;
  readonly text: string;
  /** Too long: the next line of its source is the rest. */
  readonly goesOn: boolean;
  /** Nothing that was printed, but what happened between two lines. */
  readonly isNote: boolean;
}

/** Lines and characters that are kept; beyond, the oldest are let go. */
export const mostLines = 250_000;
const mostSize = 64 * 1024 * 1024;
/** Characters of a line that are looked at for a match: a line of a log can be of any length. */
const lookedAt = 8192;

/** Which lines are shown. */
export interface LineFilter {
  readonly hidden: ReadonlySet<number>;
  readonly pattern: RegExp | undefined;
}

/** The lines of a log, the newest ones; and which of them are shown. */
export class LineStore {
  #lines: KeptLine[] = [];
  #size = 0;
  /** Lines that were let go. */
  #gone = 0;
  #filter: LineFilter = { hidden: new Set(), pattern: undefined };
  /** Numbers of the lines that are shown, where not all are. */
  #shown: number[] | undefined;

  get total(): number {
    return this.#lines.length;
  }

  get gone(): number {
    return this.#gone;
  }

  get isFull(): boolean {
    return this.#lines.length >= mostLines || this.#size >= mostSize;
  }

  /** How many lines are shown. */
  get length(): number {
    return this.#shown?.length ?? this.#lines.length;
  }

  /** The line at a place among those that are shown. */
  at(index: number): KeptLine | undefined {
    const number = this.#shown === undefined ? index : this.#shown[index];
    return number === undefined
      ? undefined
      : this.#lines[this.#shown === undefined ? number : number - this.#gone];
  }

  add(lines: readonly LogLine[], isNote = false): void {
    for (const [source, time, isError, text, goesOn = false] of lines) {
      const line = { source, time, isError, text, goesOn, isNote };
      if (this.#shown !== undefined && this.#isShown(line)) this.#shown.push(this.#gone + this.#lines.length);
      this.#lines.push(line);
      this.#size += text.length;
    }
  }

  /** The next line that matches, up or down from a place among those that are shown, around the ends. */
  find(pattern: RegExp, from: number, direction: 1 | -1): number | undefined {
    const { length } = this;
    for (let step = 1; step <= length; step++) {
      const index = (((from + direction * step) % length) + length) % length;
      const line = this.at(index);
      if (line !== undefined && matches(line, pattern)) return index;
    }
    return undefined;
  }

  /** Lets the oldest go where there are too many; gives how many of those that were shown. */
  trim(): number {
    if (!this.isFull) return 0;
    let count = Math.max(this.#lines.length - Math.floor(mostLines * 0.9), 0);
    let size = this.#size;
    for (let at = 0; at < this.#lines.length && (at < count || size > mostSize * 0.9); at++) {
      size -= this.#lines[at]?.text.length ?? 0;
      count = Math.max(count, at + 1);
    }
    this.#lines = this.#lines.slice(count);
    this.#size = size;
    this.#gone += count;
    if (this.#shown === undefined) return count;
    const first = this.#shown.findIndex(number => number >= this.#gone);
    const left = first < 0 ? this.#shown.length : first;
    this.#shown = this.#shown.slice(left);
    return left;
  }

  clear(): void {
    this.#gone += this.#lines.length;
    this.#lines = [];
    this.#size = 0;
    if (this.#shown !== undefined) this.#shown = [];
  }

  /** What was let go is of no interest any more. */
  forget(): void {
    this.clear();
    this.#gone = 0;
  }

  /** Shows other lines from now on. */
  show(filter: LineFilter): void {
    this.#filter = filter;
    this.#shown = undefined;
    if (filter.hidden.size === 0 && filter.pattern === undefined) return;
    const shown: number[] = [];
    for (const [index, line] of this.#lines.entries())
      if (this.#isShown(line)) shown.push(this.#gone + index);
    this.#shown = shown;
  }

  #isShown(line: KeptLine): boolean {
    const { hidden, pattern } = this.#filter;
    return !hidden.has(line.source) && (pattern === undefined || matches(line, pattern));
  }
}

/** Whether a line matches. Escape sequences are no part of it. */
export function matches({ text }: KeptLine, pattern: RegExp): boolean {
  return pattern.test(plainText(text.slice(0, lookedAt)));
}

/** The pattern that a person has typed, or why it is none. */
export function patternOf(
  typed: string,
  { isRegex, isExact }: { isRegex: boolean; isExact: boolean },
): RegExp | undefined | string {
  if (typed === '') return undefined;
  try {
    return new RegExp(isRegex ? typed : typed.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'), isExact ? 'u' : 'iu');
  } catch (error) {
    return (error as Error).message.replace(/^Invalid regular expression: /, '');
  }
}
