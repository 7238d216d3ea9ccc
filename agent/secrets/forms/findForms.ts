import { blockHash, type FormTable, startKey } from './formTable';
import type { SecretForm } from './secretForms';

/**
 * Reports where forms stand in `text`, by rising start, the longest at each start; they may overlap. Gives the start
 * of what may become a form with more text, or the text's length. Nothing that begins there or later is reported.
 *
 * @param isEnd No more text will come.
 */
export function findForms(
  text: Buffer,
  table: FormTable,
  isEnd: boolean,
  found: (start: number, end: number) => void,
): number {
  const { width, shifts } = table;
  const { length } = text;
  let end = width - 1;
  while (end < length) {
    const shift = shifts[blockHash(text, end)]!;
    if (shift > 0) {
      end += shift;
      continue;
    }
    const start = end - width + 1;
    const formEnd = matchAt(text, start, table, isEnd);
    if (formEnd === unfinished) return start;
    if (formEnd > 0) found(start, formEnd);
    end++;
  }
  return isEnd ? length : beginningOf(text, end - width + 1, table);
}

const unfinished = -1;

/** Where the longest form that begins at `start` ends; 0 without one; {@link unfinished} where the text ends first. */
function matchAt(text: Buffer, start: number, { byStart }: FormTable, isEnd: boolean): number {
  let longest = 0;
  for (const form of byStart.get(startKey(text, start)) ?? []) {
    const end = form.breaks ? endOfBroken(text, start, form) : endOfPlain(text, start, form);
    if (end === unfinished && !isEnd) return unfinished;
    longest = Math.max(longest, end);
  }
  return longest;
}

function endOfPlain(text: Buffer, start: number, { bytes }: SecretForm): number {
  const length = Math.min(bytes.length, text.length - start);
  if (text.compare(bytes, 0, length, start, start + length) !== 0) return 0;
  return length === bytes.length ? start + length : unfinished;
}

/** As {@link endOfPlain}; between two characters of the form there may be a line end. */
function endOfBroken(text: Buffer, start: number, { bytes }: SecretForm): number {
  let at = start;
  for (let index = 0; index < bytes.length; index++, at++) {
    if (at < text.length && text[at] === bytes[index]) continue;
    if (index > 0 && text[at] === carriageReturn) at++;
    if (index > 0 && text[at] === lineFeed) at++;
    if (at >= text.length) return unfinished;
    if (text[at] !== bytes[index]) return 0;
  }
  return at;
}

const carriageReturn = 13;
const lineFeed = 10;

/** At the end of a text, where the window does not fit any more. */
function beginningOf(text: Buffer, from: number, { width, beginnings }: FormTable): number {
  for (let start = Math.max(0, from, text.length - width + 1); start < text.length; start++) {
    if (beginnings.has(text.toString('latin1', start))) return start;
  }
  return text.length;
}
