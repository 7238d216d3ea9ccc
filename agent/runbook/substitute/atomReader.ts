import type { Atom, AtomAt, ShellContext } from './shellContext';

/** Walks a text and collects its atoms, for lexers of shells that need little of what stands around them. */
export class AtomReader {
  readonly text: string;
  readonly atoms: Atom[] = [];
  at = 0;
  readonly #atomAt: AtomAt;
  #words: string[] = [];
  #word = '';

  constructor(text: string, atomAt: AtomAt) {
    this.text = text;
    this.#atomAt = atomAt;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  get char(): string {
    return this.text[this.at] ?? '';
  }

  /** Whether no character of a word has been read since the last blank or operator. */
  get atWordStart(): boolean {
    return this.#word === '';
  }

  starts(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Takes so many characters, as part of a word. */
  skip(length: number): void {
    this.#word += this.text.slice(this.at, this.at + length);
    this.at += length;
  }

  /** Takes a blank, or an operator that ends the command. */
  divide(endsCommand: boolean): void {
    if (this.#word !== '') this.#words.push(this.#word);
    if (endsCommand) this.#words = [];
    this.#word = '';
    this.at++;
  }

  /** Takes the atom that starts here. */
  atom(context: ShellContext): boolean {
    const length = this.#atomAt(this.at, context);
    if (length === 0) return false;
    const span = { start: this.at, end: this.at + length };
    const words = [...this.#words];
    this.atoms.push({ span, context, computed: false, command: words[0] ?? '', words, word: this.#word });
    this.skip(length);
    return true;
  }

  /** Takes all up to and with an end; `escape` takes the character after it along. */
  until(end: string, context: ShellContext, escape?: string): void {
    while (!this.done && !this.starts(end)) {
      if (this.atom(context)) continue;
      this.skip(escape !== undefined && this.char === escape ? 2 : 1);
    }
    if (context === 'comment') this.#word = '';
    else this.skip(end.length);
  }
}
