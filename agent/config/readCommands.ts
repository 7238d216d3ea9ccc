/** A simple command: its words with the quotes around and within them taken away; redirections are left out. */
export type Command = readonly string[];

/** What a word holds that only a shell could tell: it may be an option, a verb, nothing at all. */
export const isComputed = (word: string): boolean => /[$`]/.test(word);

/** Quotes within quotes within substitutions, as far down as anybody writes commands. */
const deepest = 4;

/**
 * The commands of a text, read as a shell does it, as far as words go: also those within quotes (`bash -c '…'`) and
 * substitutions. What is no shell has its strings and lists read as words: `run(["kubectl", "delete"])`. It is for rules,
 * so what is doubtful is read as a command rather than not.
 */
export function readCommands(text: string): Command[] {
  const found: Command[] = [];
  read(text, found, 0);
  const flattened = flat(text);
  if (flattened !== text) read(flattened, found, deepest);
  return found;
}

/** Strings that are put together, lists over several lines and `{a,b}` as words of one line. */
function flat(text: string): string {
  return text
    .replaceAll(/["'`]\s*\+[^"'`\n]*\+[^\S\n]*["'`]/g, '$x')
    .replaceAll(/\{([^\s{}]+)\}/g, (whole, inner: string) => (inner.includes(',') ? ` ${inner} ` : whole))
    .replaceAll(/([,[(])[^\S\n]*\r?\n/g, '$1')
    .replaceAll(/(?<=[[(,\s])[bfru]{1,2}(?=["'])/gi, ' ')
    .replaceAll(/["'`,[\]()]+/g, ' ');
}

function read(text: string, found: Command[], depth: number): void {
  const reader = new CommandReader(text);
  for (const command of reader.commands()) found.push(command);
  if (depth < deepest) for (const inner of reader.within) read(inner, found, depth + 1);
}

class CommandReader {
  /** Texts within quotes and substitutions that may be commands of their own. */
  readonly within: string[] = [];
  readonly #text: string;
  #at = 0;
  #word = '';
  #isWord = false;
  #isTarget = false;
  #command: string[] = [];
  /** What was looked for to the end of the text in vain: not looked for again, or that would take time without end. */
  readonly #unclosed = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  *commands(): Iterable<Command> {
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at]!;
      if (this.#separates(char)) {
        this.#at += 1;
        yield* this.#endCommand();
      } else this.#step(char);
    }
    yield* this.#endCommand();
  }

  #separates(char: string): boolean {
    if (char === '{' || char === '}') return !this.#isWord;
    // `&>log` is a redirection.
    if (char === '&') return this.#text[this.#at + 1] !== '>';
    return /[\n;|()]/.test(char);
  }

  #step(char: string): void {
    if (/\s/.test(char)) {
      this.#endWord();
      this.#at += 1;
    } else if (char === '#' && !this.#isWord) this.#skipTo('\n');
    else if (char === '\\') this.#escaped();
    else if (/[<>&]/.test(char)) this.#redirection();
    else if (char === "'" || char === '"' || char === '`') this.#quoted(char);
    else if (char === '$' && /[({]/.test(this.#text[this.#at + 1] ?? '')) this.#substitution();
    else this.#take(char);
  }

  #take(text: string, length = text.length): void {
    this.#word += text;
    this.#isWord = true;
    this.#at += length;
  }

  #escaped(): void {
    const next = /^\r?\n|^[^]/.exec(this.#text.slice(this.#at + 1, this.#at + 3))?.[0] ?? '';
    if (next.endsWith('\n')) this.#at += 1 + next.length;
    else this.#take(next, 2);
  }

  #redirection(): void {
    if (/^\d+$/.test(this.#word)) [this.#word, this.#isWord] = ['', false];
    this.#endWord();
    while (/[<>&|]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    this.#isTarget = true;
  }

  #quoted(quote: string): void {
    const close = this.#closing(quote);
    // An apostrophe of a sentence.
    if (close === -1) return this.#take(quote);
    const inner = this.#text.slice(this.#at + 1, close);
    const word = quote === "'" ? inner : inner.replaceAll(/\\(["\\$`])/g, '$1');
    if (/\s/.test(word) || quote === '`') this.within.push(word);
    this.#take(quote === '`' ? '$()' : word, close + 1 - this.#at);
  }

  #closing(quote: string): number {
    if (this.#unclosed.has(quote)) return -1;
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      if (this.#text[at] === quote) return at;
      if (this.#text[at] === '\\' && quote !== "'") at += 1;
      // Within `"…$("…")…"` the quotes are of another command.
      if (quote === '"' && this.#text.startsWith('$(', at)) at = Math.max(at, this.#closingBracket(at + 1));
    }
    this.#unclosed.add(quote);
    return -1;
  }

  #substitution(): void {
    const open = this.#text[this.#at + 1]!;
    const close = this.#closingBracket(this.#at + 1);
    if (close === -1) return this.#take('$');
    this.within.push(this.#text.slice(this.#at + 2, close));
    this.#take(open === '(' ? '$()' : '${}', close + 1 - this.#at);
  }

  /** Where the bracket at `from` is closed; -1: nowhere. */
  #closingBracket(from: number): number {
    const open = this.#text[from]!;
    if (this.#unclosed.has(open)) return -1;
    let depth = 0;
    for (let at = from; at < this.#text.length; at++) {
      if (this.#text[at] === open) depth += 1;
      if (this.#text[at] === (open === '(' ? ')' : '}')) depth -= 1;
      if (depth === 0) return at;
    }
    this.#unclosed.add(open);
    return -1;
  }

  #skipTo(char: string): void {
    const at = this.#text.indexOf(char, this.#at);
    this.#at = at === -1 ? this.#text.length : at;
  }

  #endWord(): void {
    if (!this.#isWord) return;
    if (!this.#isTarget) this.#command.push(this.#word);
    this.#isTarget = false;
    this.#isWord = false;
    this.#word = '';
  }

  *#endCommand(): Iterable<Command> {
    this.#endWord();
    this.#isTarget = false;
    if (this.#command.length > 0) yield this.#command;
    this.#command = [];
  }
}
