import type { Place } from './cellOrigin';
import type { Container } from './fences';
import type { Lines } from './lines';

/** A line with its containers' prefixes taken away: where it goes on, and columns left of a tab that was cut. */
export interface Stripped {
  readonly at: number;
  readonly pad: number;
}

/** Knows how lines stand in the containers of one file. */
export class Containers {
  readonly #lines: Lines;
  readonly #widths = new Map<number, number>();

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  /** Takes the prefixes of containers, outermost first, off a line, as far as the line has them. */
  strip(line: number, containers: readonly Container[]): Stripped {
    const cursor = new Cursor(this.#lines.at(line));
    for (const container of containers) {
      const opens = container.line === line;
      if (container.kind === 'quote') {
        if (!cursor.quote()) break;
      } else if (!cursor.columns(this.#width(container, containers), opens)) break;
    }
    return { at: cursor.at, pad: cursor.spare };
  }

  /** What a new line needs to stand in the containers. */
  places(containers: readonly Container[]): Place[] {
    return containers.map(container => ({
      id: container.id,
      prefix: container.kind === 'quote' ? '> ' : ' '.repeat(this.#width(container, containers)),
    }));
  }

  /** Columns from where a list item's own container begins to its content, measured on the line of its marker. */
  #width(item: Container, containers: readonly Container[]): number {
    const known = this.#widths.get(item.id);
    if (known !== undefined) return known;
    const outer = containers.slice(0, containers.indexOf(item));
    const cursor = new Cursor(this.#lines.at(item.line));
    for (const container of outer) {
      if (container.kind === 'quote') cursor.quote();
      else cursor.columns(this.#width(container, outer), container.line === item.line);
    }
    const width = cursor.markerWidth();
    this.#widths.set(item.id, width);
    return width;
  }
}

/** Walks a line by columns, tab stops every four (https://spec.commonmark.org/0.31.2/#tabs). */
class Cursor {
  readonly #text: string;
  at = 0;
  /** Columns of a tab that is only partly consumed. */
  spare = 0;
  #column = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Consumes columns: white space only, or anything on the line of the marker. A blank line has as many as asked. */
  columns(count: number, anything: boolean): boolean {
    const start = { at: this.at, column: this.#column, spare: this.spare };
    let left = count;
    while (left > 0 && this.#step(anything)) left--;
    if (left === 0 || this.at >= this.#text.length) return true;
    this.at = start.at;
    this.#column = start.column;
    this.spare = start.spare;
    return false;
  }

  /** Consumes a quote's marker and the blank after it. */
  quote(): boolean {
    const found = /^[ \t]*>/.exec(this.#text.slice(this.at));
    if (!found) return false;
    for (let left = found[0].length; left > 0; left--) this.#whole();
    if (this.#text[this.at] === ' ' || this.#text[this.at] === '\t') this.#step(false);
    return true;
  }

  /** Width of the list marker here, indentation before and blanks after it included. */
  markerWidth(): number {
    const start = this.#column;
    while (this.#step(false));
    const marker = /^(?:[-+*]|\d{1,9}[.)])/.exec(this.#text.slice(this.at))?.[0] ?? '';
    for (let left = marker.length; left > 0; left--) this.#step(true);
    const end = this.#column;
    while (this.#step(false));
    const blanks = this.#column - end;
    const blank = this.at >= this.#text.length;
    return end - start + (blank || blanks < 1 || blanks > 4 ? 1 : blanks);
  }

  #whole(): void {
    const from = this.at;
    while (this.at === from && this.#step(true));
    this.#column += this.spare;
    this.spare = 0;
  }

  /** One column on. */
  #step(anything: boolean): boolean {
    if (this.spare > 0) {
      this.spare--;
      this.#column++;
      return true;
    }
    const char = this.#text[this.at];
    if (char === undefined || (!anything && char !== ' ' && char !== '\t')) return false;
    if (char === '\t') this.spare = 3 - (this.#column % 4);
    this.#column++;
    this.at++;
    return true;
  }
}
