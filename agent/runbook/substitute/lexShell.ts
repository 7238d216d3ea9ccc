import { CommandWords } from './commandWords';
import { computedNames } from './computedNames';
import { endOfBody, readDelimiter } from './hereDocument';
import { Pipeline, type PendingDocument } from './pipeline';
import type { AtomAt, LexedShell, ShellContext } from './shellContext';
import { longestWord, ShellReader } from './shellReader';

/** Cuts up a text as bash, sh and zsh do, as far as quoting goes. Never throws, whatever the text. */
export function lexShell(text: string, atomAt: AtomAt): LexedShell {
  const lexer = new ShellLexer(text, atomAt);
  lexer.commands(undefined);
  return { atoms: lexer.atoms, contextAt: offset => lexer.marks.at(offset) };
}

/** Deeper than anybody nests; what is deeper is `unknown`. */
const deepest = 100;

class ShellLexer extends ShellReader {
  readonly #pending: PendingDocument[] = [];
  readonly #noArithmetic = new Set<number>();
  readonly #names: ReadonlySet<string>;
  #depth = 0;

  constructor(text: string, atomAt: AtomAt) {
    const names = computedNames(text);
    super(text, atomAt, names);
    this.#names = names;
  }

  /** Commands, up to and with the character that closes them; or the values of a list. */
  commands(close: ')' | '`' | undefined, isList = false, around?: Pipeline): void {
    if (++this.#depth > deepest) return this.giveUp();
    const outer = this.words;
    this.words = this.#newWords(isList, around);
    while (this.at < this.end) {
      const char = this.text[this.at]!;
      if (char === ')') this.endWord();
      if (char === close && !(close === ')' && this.words.cases > 0)) {
        this.at++;
        break;
      }
      if (!this.atom('bare')) this.#inCommand(char, close);
    }
    this.endWord();
    this.words.endCommand(this.atoms.length);
    this.words = outer;
    this.#depth--;
  }

  #newWords(isList = false, around?: Pipeline): CommandWords {
    return new CommandWords(new Pipeline(this.atoms, around), this.#names, this.atoms.length, isList);
  }

  #inCommand(char: string, close: string | undefined): void {
    const words = this.words;
    if (char === '\n') this.#newline();
    else if (char === ' ' || char === '\t' || char === '\r') {
      this.endWord();
      this.at++;
    } else if (char === '#' && words.word === '') this.#comment(close);
    else if (this.#quoted(char)) return;
    else if (char === '<' && this.text.startsWith('<<', this.at)) this.#redirection();
    else if (char === '(') this.#parenthesis();
    else if (char === '<' || char === '>' || this.text.startsWith('&>', this.at)) this.#toFile();
    else if (char === ';' || char === '&' || char === '|' || char === ')') this.#operator(char);
    else {
      if (words.word.length < longestWord) words.word += char;
      this.at++;
    }
  }

  /** What ends a command. */
  #operator(char: string): void {
    this.endWord();
    const isTwice = this.text[this.at + 1] === char;
    this.words.endCommand(this.atoms.length, char === '|' && !isTwice);
    this.at += isTwice || this.text.startsWith('|&', this.at) ? 2 : 1;
  }

  /** `> file`, `2>&1`, `&>> file`: neither the number nor the file is a word of the command. */
  #toFile(): void {
    const words = this.words;
    if (/^\d+$/.test(words.word)) words.word = '';
    this.endWord();
    this.at += /^(&>>?|[<>]&|>[>|]|<>|[<>])/.exec(this.text.slice(this.at, this.at + 3))![0].length;
    if (this.text[this.at] !== '(') words.redirects = 'file';
  }

  /** Quotes and expansions of a word that is not quoted; false where there is none. */
  #quoted(char: string): boolean {
    const start = this.at;
    const { word } = this.words;
    this.words.quoteAt = start;
    if (char === '\\') this.at += 2;
    else if (char === "'") this.#until("'", 'single');
    else if (char === '"') this.#double();
    else if (!this.#expansion(char, 'bare')) {
      this.words.quoteAt = undefined;
      return false;
    }
    this.words.quoteAt = undefined;
    if (word.length < longestWord)
      this.words.word = word + this.text.slice(start, Math.min(this.at, start + 200));
    return true;
  }

  /** `$…` and back quotes; false where it is none. */
  #expansion(char: string, context: 'bare' | 'double' | 'heredoc'): boolean {
    if (char === '`') return this.#nested(1, '`', context);
    if (char !== '$') return false;
    const rest = this.text.slice(this.at + 1, this.at + 3);
    if (rest === '((') {
      if (!this.#arithmetic(3, context)) this.#nested(2, ')', context);
    } else if (rest.startsWith('(')) this.#nested(2, ')', context);
    else if (rest.startsWith('[')) this.#bracketed(context);
    else if (rest.startsWith('{')) this.#parameter(context);
    else if (rest.startsWith("'") && context === 'bare') this.#ansi();
    else if (rest.startsWith('"') && context === 'bare') {
      this.at++;
      this.#double();
    } else this.at += /^[#$?!*@-]/.test(rest) ? 2 : 1;
    return true;
  }

  #nested(open: number, close: ')' | '`', outer: ShellContext): true {
    const escaped = close === '`' ? /^`[^`\\]*\\[^]*?[^\\]`/.exec(this.text.slice(this.at, this.end)) : null;
    this.mark(escaped ? 'unknown' : 'bare');
    // What is escaped in back quotes is read twice, and what it is then nobody should have to find out.
    if (escaped) this.opaque(this.at + escaped[0].length);
    else {
      this.at += open;
      this.within(this.wordRead(), () => this.commands(close));
    }
    this.mark(outer);
    return true;
  }

  #double(): void {
    this.mark('double');
    this.at++;
    while (this.at < this.end && this.text[this.at] !== '"') {
      if (this.atom('double')) continue;
      const char = this.text[this.at]!;
      if (char === '\\') this.at += 2;
      else if (!this.#expansion(char, 'double')) this.at++;
    }
    this.at++;
    this.mark('bare');
  }

  #until(close: string, context: ShellContext): void {
    this.mark(context);
    this.at++;
    while (this.at < this.end && this.text[this.at] !== close) if (!this.atom(context)) this.at++;
    this.at++;
    this.mark('bare');
  }

  #ansi(): void {
    this.mark('ansi');
    this.at += 2;
    while (this.at < this.end && this.text[this.at] !== "'") {
      if (!this.atom('ansi')) this.at += this.text[this.at] === '\\' ? 2 : 1;
    }
    this.at++;
    this.mark('bare');
  }

  #comment(close: string | undefined): void {
    this.mark('comment');
    while (this.at < this.end && this.text[this.at] !== '\n') {
      if (close === '`' && this.text[this.at] === '`') break;
      if (!this.atom('comment')) this.at++;
    }
    this.mark('bare');
  }

  /** `${…}`. Quotes in it work as outside in a bare word; between double quotes each shell has its own mind. */
  #parameter(outer: 'bare' | 'double' | 'heredoc'): void {
    if (++this.#depth > deepest) return this.giveUp();
    const head = /^\$\{[#!]?(?:\w+|[*@#?$!-])?/.exec(this.text.slice(this.at, this.at + 200))![0];
    this.at += Math.max(2, head.length);
    const byDefault = /^(:?[-=?+])/.test(this.text.slice(this.at, this.at + 2));
    const context = byDefault || this.text[this.at] === '}' ? outer : this.#operandContext(outer);
    this.mark(context);
    while (this.at < this.end && this.text[this.at] !== '}') {
      if (!this.atom(context)) this.#inParameter(this.text[this.at]!, outer);
    }
    this.at++;
    this.mark(outer);
    this.#depth--;
  }

  #operandContext(outer: ShellContext): ShellContext {
    const char = this.text[this.at];
    if (char === '[') return 'unknown';
    if (char === ':') return 'arithmetic';
    return outer === 'bare' ? 'bare' : 'expansion';
  }

  #inParameter(char: string, outer: 'bare' | 'double' | 'heredoc'): void {
    if (char === '\\') this.at += 2;
    else if (char === "'" && outer === 'bare') this.#until("'", 'single');
    else if (char === '"' && outer === 'bare') this.#double();
    else if (char === '"') this.#until('"', 'unknown');
    else if (!this.#expansion(char, outer)) this.at++;
  }

  /** `((…))`; false, and nothing is read, where it turns out to be two subshells. */
  #arithmetic(open: number, outer: ShellContext): boolean {
    const start = this.at;
    // Each place is tried once, or brackets that never close would take time without end.
    if (this.#noArithmetic.has(start) || this.#depth > deepest) return false;
    const saved = { atoms: this.atoms.length, marks: this.marks.length, pending: this.#pending.length };
    const { word } = this.words;
    this.#depth++;
    this.at += open;
    this.marks.set(start, 'arithmetic');
    this.#computed();
    this.#depth--;
    if (this.text.startsWith('))', this.at) && this.at < this.end) {
      this.at += 2;
      this.mark(outer);
      return true;
    }
    this.#noArithmetic.add(start);
    this.at = start;
    this.words.word = word;
    this.atoms.length = saved.atoms;
    this.marks.cut(saved.marks);
    this.#pending.length = saved.pending;
    return false;
  }

  #computed(): void {
    for (let depth = 0; this.at < this.end;) {
      if (this.atom('arithmetic')) continue;
      const char = this.text[this.at]!;
      if (char === '(') depth++;
      else if (char === ')' && depth-- === 0) return;
      if (char === '\\') this.at += 2;
      else if (this.#expansion(char, 'double')) this.mark('arithmetic');
      else this.at++;
    }
  }

  /** `$[…]`, the old way to compute. */
  #bracketed(outer: ShellContext): void {
    this.mark('arithmetic');
    this.at += 2;
    for (let depth = 0; this.at < this.end; this.at++) {
      while (this.atom('arithmetic'));
      const char = this.text[this.at];
      if (char === '[') depth++;
      else if (char === '\n' || (char === ']' && depth-- === 0)) break;
    }
    this.at++;
    this.mark(outer);
  }

  #parenthesis(): void {
    const { word, words, test, reader, pipeline } = this.words;
    const isFile = word === '' && /[<>=]/.test(this.text[this.at - 1] ?? '') && words.length > 0;
    if (word === '' && this.text.startsWith('((', this.at) && this.#arithmetic(2, 'bare')) return;
    this.at++;
    const isSubshell = word === '' && words.length === 0;
    this.within(isFile ? reader.readsFile : undefined, () =>
      this.commands(')', word.endsWith('='), isSubshell ? pipeline : undefined),
    );
    this.mark('bare');
    if (isFile) this.words.word = '/dev/fd';
    // After a function's name or a subshell comes another command; else it is the values of a list, or a pattern.
    else if (test === undefined && !/[=?*+@!]$/.test(word)) this.words.endCommand(this.atoms.length, true);
  }

  #newline(): void {
    this.endWord();
    this.words.endCommand(this.atoms.length);
    this.at++;
    for (const document of this.#pending.splice(0)) this.#body(document);
  }

  #redirection(): void {
    if (/^\d+$/.test(this.words.word)) this.words.word = '';
    this.words.endWord();
    if (this.text.startsWith('<<<', this.at)) {
      this.at += 3;
      this.words.redirects = 'string';
      return;
    }
    const found = readDelimiter(this.text, this.at + 2, this.end);
    const pending = found && { document: found.document };
    if (pending) this.#pending.push(pending);
    if (pending) this.words.pipeline.add(pending);
    this.at = found?.end ?? this.at + 2;
  }

  #body({ document, again }: PendingDocument): void {
    this.within(again, () => this.#lines(document));
  }

  #lines(document: PendingDocument['document']): void {
    const { quoted } = document;
    const context = quoted ? 'quoted-heredoc' : 'heredoc';
    const outer = this.end;
    const { end, next } = endOfBody(this.text, this.at, outer, document);
    this.end = end;
    this.mark(context);
    while (this.at < end) {
      if (this.atom(context)) continue;
      const char = this.text[this.at]!;
      if (quoted) this.at++;
      else if (char === '\\') this.at += 2;
      else if (!this.#expansion(char, 'heredoc')) this.at++;
    }
    this.end = outer;
    this.at = next;
    this.mark('bare');
  }
}
