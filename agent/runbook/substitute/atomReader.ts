import { Pipeline } from './pipeline';
import { SecondReader } from './secondReader';
import type { Atom, AtomAt, ShellContext } from './shellContext';

/** Walks a text and collects its atoms, for lexers of shells that need little of what stands around them. */
export class AtomReader {
  readonly text: string;
  readonly atoms: Atom[] = [];
  at = 0;
  readonly #atomAt: AtomAt;
  readonly #pipeline: Pipeline;
  #command = '';
  #before = '';
  #word = '';
  #reader = new SecondReader();
  /** How many atoms there were where the command began. */
  #began = 0;

  constructor(text: string, atomAt: AtomAt) {
    this.text = text;
    this.#atomAt = atomAt;
    this.#pipeline = new Pipeline(this.atoms);
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
    if (this.#word.length < longestWord) this.#word += this.text.slice(this.at, this.at + length);
    this.at += length;
  }

  /** Takes a blank, or an operator that ends the command. */
  divide(endsCommand: boolean): void {
    this.#endWord();
    if (endsCommand) this.#endCommand(this.char === '|' && this.text[this.at + 1] !== '|');
    this.at++;
  }

  /** To be called once all is read. */
  end(): void {
    this.#endWord();
    this.#endCommand(false);
  }

  #endWord(): void {
    if (this.#word === '') return;
    this.#reader.take(this.#word);
    if (this.#command === '') this.#command = this.#word.toLowerCase();
    this.#before = this.#word;
    this.#word = '';
  }

  #endCommand(isPiped: boolean): void {
    this.#pipeline.end(this.#reader.readsInput, this.#began, isPiped);
    this.#reader = new SecondReader();
    this.#command = '';
    this.#before = '';
    this.#began = this.atoms.length;
  }

  /** Takes the atom that starts here. */
  atom(context: ShellContext): boolean {
    const length = this.#atomAt(this.at, context);
    if (length === 0) return false;
    const span = { start: this.at, end: this.at + length };
    const again = this.#reader.readsWord(this.#word);
    const about = { command: this.#command, before: this.#before, word: this.#word };
    this.atoms.push({ span, context, computed: false, ...about, again });
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

const longestWord = 1000;
