import type { Position } from './model';

/** Where each line of a text starts; lines end with LF, CRLF or a lone CR. */
export class Lines {
  readonly text: string;
  readonly starts: readonly number[];

  constructor(text: string, from = 0) {
    this.text = text;
    this.starts = text.indexOf('\r', from) < 0 ? splitAtLf(text, from) : splitAtAny(text, from);
  }

  get count(): number {
    return this.starts.length;
  }

  start(line: number): number {
    return this.starts[line] ?? this.text.length;
  }

  /** End of the line's text, before its line end. */
  end(line: number): number {
    const next = this.starts[line + 1];
    if (next === undefined) return this.text.length;
    const crlf = this.text.charCodeAt(next - 1) === 10 && this.text.charCodeAt(next - 2) === 13;
    return crlf && next - 2 >= this.start(line) ? next - 2 : next - 1;
  }

  /** The line's text without its line end. */
  at(line: number): string {
    return this.text.slice(this.start(line), this.end(line));
  }

  /** Index, from 0, of the line that holds an offset. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Line and column, from 1, of an offset in the whole file. */
export function positionAt(lines: Lines, offset: number): Position {
  const line = lines.lineOf(offset);
  return { line: line + 1, column: offset - lines.start(line) + 1 };
}

/** The text with every line end made LF, so that texts from different places compare. */
export function equalLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function splitAtLf(text: string, from: number): number[] {
  const starts = [from];
  for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

function splitAtAny(text: string, from: number): number[] {
  const starts = [from];
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 10 && unit !== 13) continue;
    if (unit === 13 && text.charCodeAt(at + 1) === 10) at++;
    starts.push(at + 1);
  }
  return starts;
}
