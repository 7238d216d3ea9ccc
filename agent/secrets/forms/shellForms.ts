/** A text as shells print it so that it could be read again: `printf %q`, `declare -p`, `set -x`, `export -p`. */
export function shellForms(text: string): Set<string> {
  const forms = [
    backslashed(text),
    // declare -p
    text.replaceAll(/["$`\\]/g, '\\$&'),
    // set -x and ${x@Q}; dash, busybox
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    ansi(text),
    octal(ansi(text)),
    ...zshForms(text),
  ];
  return new Set(forms);
}

/** https://git.savannah.gnu.org/cgit/bash.git/tree/lib/sh/shquote.c: sh_backslash_quote */
function backslashed(text: string): string {
  return text.replaceAll(/[ \t'"\\|&;()<>!{}*[\]?^$`,]|^[#~]|(?<=[=:])~/g, '\\$&');
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
  "'": "'",
  '\\': '\\',
};

/** What stands in `$'…'`. */
function ansi(text: string): string {
  return text.replaceAll(
    /[\x00-\x1f\x7f'\\]/g,
    character => `\\${letters[character] ?? octalOf(character.charCodeAt(0))}`,
  );
}

/** The same where the locale is `C`, in which nothing but ASCII can be printed. */
function octal(text: string): string {
  return perByte(text, byte => `\\${octalOf(byte)}`);
}

/** https://zsh.sourceforge.io/Doc/Release/Expansion.html#Parameter-Expansion-Flags: `q`; and what `typeset -p` prints. */
function zshForms(text: string): string[] {
  const quoted = text.replaceAll(/[ '"\\|&;()<>{}*[\]?^$`#]|^[~=]/g, '\\$&');
  const forms = [quoted, quoted.replaceAll('!', '\\!')].map(form =>
    form.replaceAll(/[\x00-\x1f\x7f]/g, control => `$'\\${zshControl(control, octalOf)}'`),
  );
  const dollared = text.replaceAll(/[\x00-\x1f\x7f'\\]/g, character => `\\${zshControl(character, caretOf)}`);
  return [
    ...forms,
    ...forms.map(form => perByte(form, byte => `$'\\${octalOf(byte)}'`)),
    dollared,
    perByte(
      dollared,
      byte => `\\M-${(byte & 0x60) === 0 ? `\\${caretOf(byte & 0x7f)}` : String.fromCharCode(byte & 0x7f)}`,
    ),
  ];
}

function octalOf(byte: number): string {
  return byte.toString(8).padStart(3, '0');
}

function caretOf(byte: number): string {
  return `C-${String.fromCharCode(byte ^ 0x40)}`;
}

function zshControl(character: string, other: (byte: number) => string): string {
  return /[\n\t\r\f\v\b\x07'\\]/.test(character) ? letters[character]! : other(character.charCodeAt(0));
}

function perByte(text: string, word: (byte: number) => string): string {
  return text.replaceAll(/[^\0-\x7f]+/g, part => [...Buffer.from(part)].map(word).join(''));
}
