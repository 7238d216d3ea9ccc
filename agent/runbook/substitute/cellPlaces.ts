import { Lines } from '../lines';
import type { Cell, Position, Span } from '../model';

/** Where a piece of a cell's text stands in the file. */
export type PlaceOf = (piece: Span) => Position & { readonly span: Span };

/**
 * The text lacks the prefixes of lists and quotes, the prompts and the output of a console session: each of its lines
 * is the end of one in the file, in order.
 */
export function cellPlaces(cell: Cell, source: string): PlaceOf {
  let found: PlaceOf | undefined;
  return piece => (found ??= read(cell, source))(piece);
}

function read(cell: Cell, source: string): PlaceOf {
  const text = new Lines(cell.text);
  const from = cell.span.start - (cell.column - 1);
  const fence = new Lines(source.slice(from, cell.span.end));
  const starts = lineStarts(text, fence);
  return ({ start, end }) => {
    const line = text.lineOf(start);
    const at = starts[line]! + start - text.start(line);
    const length = Math.min(end, text.end(line)) - start;
    const fenceLine = fence.lineOf(at);
    const span = { start: from + at, end: from + at + length };
    return { line: cell.line + fenceLine, column: at - fence.start(fenceLine) + 1, span };
  };
}

/** For each line of the text where it starts in the fence. */
function lineStarts(text: Lines, fence: Lines): number[] {
  const starts: number[] = [];
  let next = 1;
  for (let line = 0; line < text.count; line++) {
    const wanted = text.at(line);
    let at = next;
    while (at < fence.count && !fence.at(at).endsWith(wanted)) at++;
    if (at >= fence.count) at = Math.min(next, fence.count - 1);
    starts.push(Math.max(fence.start(at), fence.end(at) - wanted.length));
    next = at + 1;
  }
  return starts;
}
