/** Quotes text as one word of any POSIX shell: within single quotes everything is itself. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The same for reading: a word that any shell takes for itself stays as it is. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quote(word);
}

/** Text as the bytes a shell sees, one character a byte: the form in which state is kept, whatever it holds. */
export function toBytes(text: string): string {
  return beyondAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The other way; bytes that are no UTF-8 become U+FFFD. */
export function fromBytes(bytes: string): string {
  return beyondAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

/** What is not is the same in both forms. */
const beyondAscii = /[\u0080-\uffff]/;

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a shell can have a variable of this name. Environments may hold others, as `BASH_FUNC_f%%`. */
export function isIdentifier(name: string): boolean {
  return identifier.test(name);
}
