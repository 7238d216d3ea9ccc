import { termsOf } from './searchQuery';

/** The line that holds most of the query's words, cut to what is around the first of them; undefined where none does. */
export function excerptOf(text: string, query: string): string | undefined {
  const words = termsOf(query).map(term => fold(term.text.trim()));
  return bestLine(text, words) ?? bestLine(text, words.flatMap(partsOf));
}

/** Characters of an excerpt. */
const longest = 200;

function bestLine(text: string, words: readonly string[]): string | undefined {
  const folded = fold(text);
  let best = { count: 0, begin: 0, at: 0 };
  for (let begin = 0; begin < folded.length && best.count < words.length;) {
    const end = endOfLine(folded, begin);
    const line = folded.slice(begin, end);
    const places = words.map(word => line.indexOf(word)).filter(place => place >= 0);
    if (places.length > best.count) best = { count: places.length, begin, at: Math.min(...places) };
    begin = end + 1;
  }
  if (best.count === 0) return undefined;
  return around(text.slice(best.begin, endOfLine(text, best.begin)), best.at);
}

function endOfLine(text: string, begin: number): number {
  const end = text.indexOf('\n', begin);
  return end < 0 ? text.length : end;
}

/** The index sees `web-7` and `web.7` as the same two words: perhaps only one of them is there as typed. */
function partsOf(word: string): string[] {
  return word.split(/[^\p{L}\p{N}\p{Co}]+/u).filter(part => part !== '');
}

/** Without upper case and accents, which make no difference to the index; every character stays where it was. */
function fold(text: string): string {
  if (Buffer.byteLength(text) === text.length) return text.toLowerCase();
  return Array.from({ length: text.length }, (_, at) => foldUnit(text.charAt(at))).join('');
}

function foldUnit(unit: string): string {
  const plain = unit.normalize('NFD').charAt(0).toLowerCase();
  return plain.length === 1 ? plain : unit;
}

function around(line: string, at: number): string {
  if (line.length <= longest) return line.trim();
  const from = Math.max(0, Math.min(at - longest / 4, line.length - longest));
  const part = line.slice(from, from + longest).trim();
  return `${from > 0 ? '…' : ''}${part}${from + longest < line.length ? '…' : ''}`;
}
