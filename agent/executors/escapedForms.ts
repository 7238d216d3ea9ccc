import { unquoteWord } from './shell/declarations';

/** How shells write text down, one character a byte, so that it can be found and put back as it stood. */
export const encodings = {
  /** As it is. */
  r: value => value,
  /** Between `"` and `"`. */
  d: value => value.replace(/[\\"$`]/g, '\\$&'),
  /** Between `'` and `'`. */
  s: value => value.replaceAll("'", String.raw`'\''`),
  /** Between `$'` and `'`. */
  a: value => value.replace(/[\\'\x00-\x1f\x7f]/g, ansiEscape),
  /** Outside of quotes. */
  b: value => value.replace(/[^\w./:@%+=,\x80-\xff-]/g, char => (char === '\n' ? "$'\\n'" : `\\${char}`)),
  /** Between `'` and `'` in fish. */
  f: value => value.replace(/[\\']/g, '\\$&'),
  /** Outside of quotes in fish. */
  g: value => value.replace(/[^\w./:@%+=,\x80-\xff-]/g, fishEscape),
} as const satisfies Record<string, (value: string) => string>;

export type Encoding = keyof typeof encodings;

export function isEncoding(letter: string): letter is Encoding {
  return Object.hasOwn(encodings, letter);
}

/**
 * In which of the encodings a value stands where it was found; `x` where it is within quotes within quotes, from where
 * it cannot be put back.
 */
export function encodingOf(found: string, value: string): Encoding | 'x' {
  const all = Object.keys(encodings) as Encoding[];
  const exact = all.find(each => encodings[each](value) === found);
  if (exact !== undefined) return exact;
  // Shells do not agree on what has to be quoted outside of quotes; more of it does no harm.
  if (unquoteWord(found) === value) return 'b';
  return unescapeFish(found) === value ? 'g' : 'x';
}

/** A pattern of this size still compiles in no time; longer values are sought as the encodings have them. Bytes. */
const longestPattern = 4096;

/** Source of a pattern that matches a value (one character a byte) in any shell's quoting. */
export function pattern(value: string): string {
  if (value.length <= longestPattern) return [...value].map(characterPattern).join('');
  const forms = new Set(Object.values(encodings).map(encode => encode(value)));
  return [...forms].map(form => form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
}

const letters: Readonly<Record<string, string>> = {
  '\x07': 'a',
  '\b': 'b',
  '\x1b': 'E',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\v': 'v',
};

function ansiEscape(char: string): string {
  if (char === '\\' || char === "'") return `\\${char}`;
  const letter = letters[char];
  return `\\${letter ?? char.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

function fishEscape(char: string): string {
  const letter = letters[char]?.toLowerCase();
  if (letter !== undefined) return `\\${letter}`;
  const code = char.charCodeAt(0);
  return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, '0')}` : `\\${char}`;
}

/** What fish reads where there are no quotes. */
export function unescapeFish(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|c(.)|([^]))/gi,
    (_all, code?: string, control?: string, char?: string) => {
      if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
      if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
      const named = Object.entries(letters).find(([, letter]) => letter.toLowerCase() === char);
      return named?.[0] ?? char ?? '';
    },
  );
}

function characterPattern(char: string): string {
  const code = char.charCodeAt(0);
  if (/\w/.test(char)) return char;
  if (char === '\\') return String.raw`\\{1,2}`;
  if (char === "'") return String.raw`(?:'\\''|'"'"'|\\?')`;
  if (code > 0x1f && code < 0x7f) return `\\\\?${hexEscape(code)}`;
  return `(?:\\\\?${hexEscape(code)}|${escapes(code).join('|')})`;
}

/** Escapes of bytes that are no printable ASCII: octal, hexadecimal, letters, and zsh's and fish's own. */
function escapes(code: number): string[] {
  const octal = `\\\\${code.toString(8).padStart(3, '0')}`;
  const hexadecimal = `\\\\[xX]${code.toString(16).padStart(2, '0').replace(/[a-f]/g, either)}`;
  const letter = letters[String.fromCharCode(code)];
  const named = letter === undefined ? [] : [`\\\\[${letter}${letter.toLowerCase()}]`];
  const low = code & 0x7f;
  const caret = (low ^ 0x40) & 0x7f;
  const carets = `[${hexEscape(caret)}${hexEscape(String.fromCharCode(caret).toLowerCase().charCodeAt(0))}]`;
  const rest = low < 0x20 || low === 0x7f ? [`\\\\C-${carets}`, `\\\\c${carets}`] : [hexEscape(low)];
  const all = [octal, hexadecimal, ...named, ...(code < 0x80 ? rest : rest.map(each => `\\\\M-${each}`))];
  return [...all, `\\$'(?:${all.join('|')})'`];
}

function either(digit: string): string {
  return `[${digit}${digit.toUpperCase()}]`;
}

function hexEscape(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`;
}
