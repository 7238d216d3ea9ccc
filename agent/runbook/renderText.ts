import { alignLines } from './alignLines';
import { rawLines, shownLines, shownText } from './cellOrigin';
import { equalLineEnds } from './lines';
import type { PlacedCell } from './placeCells';
import type { FileStyle } from './writeCells';

/** The lines of a text cell as they stand in the file. */
export function renderText(placed: PlacedCell, style: FileStyle): string {
  const { origin, samePlace, places } = placed;
  const text = equalLineEnds(placed.cell.text);
  if (origin && samePlace && text === shownText(origin)) return origin.body;
  const prefix = places.map(place => place.prefix).join('');
  const now = text === '' ? [] : text.split('\n');
  if (!origin || !samePlace) return now.map(line => prefixed(prefix, line) + style.eol).join('');
  return renderLines(origin.body, shownLines(origin), now, prefix, style.eol);
}

/** A line in its containers; where it is blank, nothing is left hanging after them. */
export function prefixed(prefix: string, line: string): string {
  return line === '' ? prefix.trimEnd() : prefix + line;
}

/**
 * New lines over the raw ones: a line that is still there keeps its bytes; another one takes prefix and line end of
 * the line it replaces, or of the one before it.
 */
export function renderLines(
  body: string,
  before: readonly string[],
  now: readonly string[],
  prefix: string,
  eol: string,
): string {
  const raw = rawLines(body);
  const kept = alignLines(before, now);
  const limits = nextKept(kept, before.length);
  const out: string[] = [];
  let like = { prefix, eol: eolOf(raw[0]) ?? eol, ...knownPrefix(raw[0], before[0]) };
  let next = 0;
  now.forEach((line, at) => {
    const old = kept[at]!;
    const counterpart = old >= 0 ? old : next;
    if (old >= 0 || counterpart < limits[at]!) {
      const end = eolOf(raw[counterpart]);
      like = { ...like, ...knownPrefix(raw[counterpart], before[counterpart]), ...(end ? { eol: end } : {}) };
      next = counterpart + 1;
    }
    out.push(old >= 0 ? withEnd(raw[old]!, like.eol) : prefixed(like.prefix, line) + like.eol);
  });
  const text = out.join('');
  // A file whose last line has no end keeps it so.
  return body === '' || /[\r\n]$/.test(body) ? text : text.replace(/(\r\n?|\n)$/, '');
}

/** For each line the first old line that is still there at or after it. */
function nextKept(kept: readonly number[], end: number): number[] {
  const limits = new Array<number>(kept.length);
  let limit = end;
  for (let at = kept.length - 1; at >= 0; at--) {
    if (kept[at]! >= 0) limit = kept[at]!;
    limits[at] = limit;
  }
  return limits;
}

function withEnd(raw: string, eol: string): string {
  return /[\r\n]$/.test(raw) ? raw : raw + eol;
}

/** What stands before the shown part of a raw line; nothing is known of a blank one, which may be cut short. */
function knownPrefix(raw: string | undefined, shown: string | undefined): { prefix?: string } {
  if (raw === undefined || shown === undefined || shown.trim() === '') return {};
  const line = raw.replace(/[\r\n]+$/, '');
  return line.endsWith(shown) ? { prefix: line.slice(0, line.length - shown.length) } : {};
}

function eolOf(raw: string | undefined): string | undefined {
  return raw === undefined ? undefined : /(\r\n?|\n)$/.exec(raw)?.[0];
}
