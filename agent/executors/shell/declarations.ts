import { fromBytes } from './quote';

/** One variable as `declare -p` prints it. */
export interface Declaration {
  readonly name: string;
  /** The letters after `declare -`; empty for a plain variable. */
  readonly flags: string;
  /** The value as printed, quoted; absent where the variable is declared but unset. */
  readonly value?: string;
}

const head = /declare -([-A-Za-z]+) ([A-Za-z_][A-Za-z0-9_]*)(=?)/y;

/** Reads the output of `declare -p` (bytes as latin1). Stops at what is no declaration. */
export function parseDeclarations(text: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  let at = 0;
  for (;;) {
    head.lastIndex = at;
    const match = head.exec(text);
    if (match === null) return found;
    const [whole, written = '', name = '', assigned] = match;
    const start = at + whole.length;
    const end = assigned === '' ? start : valueEnd(text, start);
    const flags = written.replaceAll('-', '');
    found.set(name, assigned === '' ? { name, flags } : { name, flags, value: text.slice(start, end) });
    at = text.charCodeAt(end) === 10 ? end + 1 : end;
  }
}

/** The declaration as a command of the shell. */
export function declare(declaration: Declaration): string {
  const { name, flags, value } = declaration;
  return `declare -${flags === '' ? '-' : flags} ${name}${value === undefined ? '' : `=${value}`}\n`;
}

/** The text of a scalar value as printed: `"…"`, `$'…'`, `'…'` or bare. */
export function unquote(value: string): string {
  if (value.startsWith('"')) return fromBytes(value.slice(1, -1).replace(/\\([\\"$`]|\n)/g, unescapeDouble));
  if (value.startsWith("$'")) return fromBytes(value.slice(2, -1).replace(ansiEscape, unescapeAnsi));
  if (value.startsWith("'")) return fromBytes(value.slice(1, -1).replaceAll(String.raw`'\''`, "'"));
  return fromBytes(value.replace(/\\([\s\S])/g, '$1'));
}

/** A word of quoted and unquoted parts as the shell reads it, one character a byte. */
export function unquoteWord(word: string): string {
  return word.replace(
    /\$'((?:[^'\\]|\\[^])*)'|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])/g,
    (_all, ansi?: string, single?: string, double?: string, char?: string) =>
      ansi?.replace(ansiEscape, unescapeAnsi) ??
      single ??
      double?.replace(/\\([\\"$`]|\n)/g, unescapeDouble) ??
      char ??
      '',
  );
}

/** Offset after a value: a quoted word, or an array in parentheses. */
function valueEnd(text: string, start: number): number {
  if (text[start] === '(') return arrayEnd(text, start + 1);
  return quotedEnd(text, start) ?? endOfLine(text, start);
}

function arrayEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== ')') at = quotedEnd(text, at) ?? at + 1;
  return at + 1;
}

/** Offset after the quoted text that starts here; undefined where none does. */
function quotedEnd(text: string, start: number): number | undefined {
  if (text[start] === '"') return closing(text, start + 1, '"');
  if (text[start] === "'") return plainEnd(text, start + 1);
  if (text[start] === '$' && text[start + 1] === "'") return closing(text, start + 2, "'");
  return undefined;
}

/** Single quotes know no escape; bash 3.2 prints arrays within them, with `'\''` for a quote. */
function plainEnd(text: string, start: number): number {
  let at = text.indexOf("'", start);
  while (at >= 0 && text.startsWith(String.raw`'\''`, at)) at = text.indexOf("'", at + 4);
  return at < 0 ? text.length : at + 1;
}

function closing(text: string, start: number, quote: string): number {
  let at = start;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

function unescapeDouble(_whole: string, character: string): string {
  return character === '\n' ? '' : character;
}

/** https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html */
const ansiEscape =
  /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|c(.)|(M-\\)?C-(.)|M-(.)|([\s\S]))/g;

const ansiLetters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescapeAnsi(
  _whole: string,
  octal?: string,
  hex?: string,
  unicode?: string,
  long?: string,
  control?: string,
  meta?: string,
  caret?: string,
  high?: string,
  letter?: string,
): string {
  if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
  if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
  const point = unicode ?? long;
  if (point !== undefined) return Buffer.from(String.fromCodePoint(parseInt(point, 16))).toString('latin1');
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
  // zsh writes bytes like this that it cannot print.
  if (caret !== undefined)
    return String.fromCharCode(
      (caret === '?' ? 0x7f : caret.charCodeAt(0) & 0x1f) | (meta === undefined ? 0 : 0x80),
    );
  if (high !== undefined) return String.fromCharCode(high.charCodeAt(0) | 0x80);
  return ansiLetters[letter ?? ''] ?? letter ?? '';
}
