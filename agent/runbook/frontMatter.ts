import type { FrontMatter, Span } from './model';

/** Front matter as it lies in the file. Spans hold whole lines, their line ends included. */
export interface FrontMatterBlock {
  readonly format: FrontMatter['format'];
  /** Fences included. */
  readonly span: Span;
  /** What is between the fences; for JSON the object itself. */
  readonly body: Span;
}

/** Characters; a table of contents of a thousand lines is a tenth of it. */
const longest = 256 * 1024;

/** Whether it is more than a person wrote, and so not read at all. */
export function isTooLong({ body }: FrontMatterBlock): boolean {
  return body.end - body.start > longest;
}

/** Finds front matter at the top of a file, after a byte order mark. Without its end there is none. */
export function findFrontMatter(source: string): FrontMatterBlock | undefined {
  const start = source.startsWith('\uFEFF') ? 1 : 0;
  const first = lineAt(source, start);
  if (/^---[ \t]*$/.test(first.text)) return fenced(source, start, 'yaml', /^(---|\.\.\.)[ \t]*$/);
  if (/^\+\+\+[ \t]*$/.test(first.text)) return fenced(source, start, 'toml', /^\+\+\+[ \t]*$/);
  return /^\{\s*("|\}|$)/.test(first.text) ? jsonObject(source, start) : undefined;
}

function fenced(
  source: string,
  start: number,
  format: 'yaml' | 'toml',
  closing: RegExp,
): FrontMatterBlock | undefined {
  const bodyStart = lineAt(source, start).next;
  for (let at = bodyStart; at < source.length;) {
    const line = lineAt(source, at);
    if (closing.test(line.text)) {
      const found = { format, span: { start, end: line.next }, body: { start: bodyStart, end: at } };
      return format === 'toml' || isMeant(source.slice(bodyStart, at)) ? found : undefined;
    }
    at = line.next;
  }
  return undefined;
}

/**
 * A file may as well begin with a thematic break and have another one later: what stands between two `---` is
 * front matter if it starts like YAML keys, or at least has no blank line in it.
 */
function isMeant(body: string): boolean {
  const lines = body.split(/\r\n?|\n/);
  const first = lines.find(line => line.trim() !== '' && !line.trimStart().startsWith('#'));
  if (first === undefined) return true;
  if (/^\s*("[^"]*"|'[^']*'|[\w.$@/-][\w.$@/ -]*)\s*:(\s|$)/.test(first) || /^\s*[{[]/.test(first))
    return true;
  return !lines.slice(0, -1).some(line => line.trim() === '');
}

function jsonObject(source: string, start: number): FrontMatterBlock | undefined {
  const end = closingBrace(source, start);
  if (end === undefined) return undefined;
  const line = lineAt(source, end);
  if (line.text.trim() !== '') return undefined;
  const span = { start, end: line.next };
  return { format: 'json', span, body: span };
}

/** Offset after the brace that closes the one at `start`, strings skipped. */
export function closingBrace(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    } else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function lineAt(source: string, start: number): { text: string; next: number } {
  let end = start;
  while (end < source.length && source.charCodeAt(end) !== 10 && source.charCodeAt(end) !== 13) end++;
  const text = source.slice(start, end);
  if (source.charCodeAt(end) === 13 && source.charCodeAt(end + 1) === 10) end++;
  return { text, next: Math.min(end + 1, source.length) };
}
