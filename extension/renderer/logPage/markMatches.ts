import type { StyledText } from './ansi';

/** A piece of a line, and whether it is part of a match. */
export interface MarkedText extends StyledText {
  readonly isMatch: boolean;
}

/** Cuts the pieces of a line where matches begin and end; each keeps its look. At most so many matches are marked. */
export function markMatches(pieces: readonly StyledText[], pattern: RegExp, most: number): MarkedText[] {
  const spans = spansOf(pieces.map(({ text }) => text).join(''), pattern, most);
  const marked: MarkedText[] = [];
  let start = 0;
  for (const piece of pieces) {
    const end = start + piece.text.length;
    let at = start;
    const take = (to: number, isMatch: boolean): void => {
      if (to > at) marked.push({ ...piece, text: piece.text.slice(at - start, to - start), isMatch });
      at = Math.max(at, to);
    };
    for (const [from, to] of spans) {
      if (to <= start || from >= end) continue;
      take(Math.max(from, start), false);
      take(Math.min(to, end), true);
    }
    take(end, false);
    start = end;
  }
  return marked;
}

/** Beginnings and ends of the matches, none of them empty. */
function spansOf(text: string, pattern: RegExp, most: number): [number, number][] {
  const spans: [number, number][] = [];
  for (const match of text.matchAll(new RegExp(pattern.source, `${pattern.flags}g`))) {
    if (match[0] !== '') spans.push([match.index, match.index + match[0].length]);
    if (spans.length >= most) break;
  }
  return spans;
}
