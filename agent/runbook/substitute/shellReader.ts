import { CommandWords } from './commandWords';
import { ContextMarks } from './contextMarks';
import { isPrinted, Pipeline } from './pipeline';
import type { ReadAgain } from './secondReader';
import type { Atom, AtomAt, ShellContext } from './shellContext';

/** A place in a shell's text, with what is known of the command around it. */
export class ShellReader {
  readonly atoms: Atom[] = [];
  readonly marks = new ContextMarks();
  protected readonly text: string;
  protected at = 0;
  /** Nothing is read from here on: the end of the text, or of a here-document's body. */
  protected end: number;
  protected words: CommandWords;
  readonly #atomAt: AtomAt;
  /** Who reads as code what the commands print that are being read. */
  #again: ReadAgain | undefined;

  /** `names`: variables that compute what they are given. */
  constructor(text: string, atomAt: AtomAt, names: ReadonlySet<string>) {
    this.text = text;
    this.#atomAt = atomAt;
    this.end = text.length;
    this.words = new CommandWords(new Pipeline(this.atoms), names, 0);
  }

  protected endWord(): void {
    const { word, words, test } = this.words;
    if (word === '[[' && words.length === 0) this.words.test = { atom: this.atoms.length, at: this.at };
    else if (word === ']]' && test) this.#endTest(test);
    this.words.endWord();
  }

  /** `[[ a -eq b ]]` computes what stands beside the operator. */
  #endTest(test: { atom: number; at: number }): void {
    this.words.test = undefined;
    if (!arithmeticTest.test(this.text.slice(test.at, this.at))) return;
    for (let at = test.atom; at < this.atoms.length; at++) {
      const atom = this.atoms[at]!;
      if (atom.context === 'bare' || atom.context === 'double') {
        this.atoms[at] = { ...atom, computed: true };
      }
    }
  }

  protected atom(context: ShellContext): boolean {
    const length = this.#atomAt(this.at, context);
    if (length === 0 || this.at + length > this.end) return false;
    const span = { start: this.at, end: this.at + length };
    const { command, words, quoteAt, redirects, pipeline } = this.words;
    const word = this.wordSoFar();
    const computed = context === 'arithmetic' || this.words.isComputed(context, word);
    if (redirects === 'string') pipeline.addHereString();
    const printed = isPrinted({ command, context }) ? this.#again : undefined;
    const again = isData(context) ? undefined : (this.wordRead() ?? printed);
    this.atoms.push({ span, context, computed, command, before: words.at(-1) ?? '', word, again });
    // What stands in quotes is added to the word when they end.
    if (quoteAt === undefined && this.words.word.length < longestWord)
      this.words.word += this.text.slice(span.start, span.end);
    this.at = span.end;
    return true;
  }

  protected mark(context: ShellContext): void {
    this.marks.set(this.at, context);
  }

  protected giveUp(): void {
    this.mark('unknown');
    this.opaque(this.end);
  }

  /** Who reads the word that is underway as code. */
  protected wordRead(): ReadAgain | undefined {
    return this.words.redirects === undefined ? this.words.reader.readsWord(this.wordSoFar()) : undefined;
  }

  protected wordSoFar(): string {
    const { word, quoteAt } = this.words;
    if (quoteAt === undefined || word.length >= longestWord) return word;
    return word + this.text.slice(quoteAt, Math.min(this.at, quoteAt + longestWord));
  }

  /** What is printed in there is read as code by somebody else, too. */
  protected within(again: ReadAgain | undefined, read: () => void): void {
    const outer = this.#again;
    this.#again = again ?? outer;
    read();
    this.#again = outer;
  }

  protected opaque(end: number): void {
    while (this.at < end) if (!this.atom('unknown')) this.at++;
  }
}

/** So much of a word is looked at. */
export const longestWord = 1000;

/** Where nothing stands that a value could be put into, or only a number. */
function isData(context: ShellContext): boolean {
  return context === 'comment' || context === 'arithmetic';
}

/** What stands beside these is computed; `-v` takes the name of a variable, whose index is. */
const arithmeticTest = /\s-(eq|ne|lt|le|gt|ge|v)\s/;
