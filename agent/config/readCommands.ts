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
  const flat = text.replaceAll(/["'`,[\]()]+/g, ' ');
  if (flat !== text) read(flat, found, deepest);
  return found;
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
      if (/[\n;|&(){}]/.test(char) && !(/[{}]/.test(char) && this.#isWord)) {
        this.#at += 1;
        yield* this.#endCommand();
      } else this.#step(char);
    }
    yield* this.#endCommand();
  }

  #step(char: string): void {
    if (/\s/.test(char)) {
      this.#endWord();
      this.#at += 1;
    } else if (char === '#' && !this.#isWord) this.#skipTo('\n');
    else if (char === '\\') this.#escaped();
    else if (char === '<' || char === '>') this.#redirection();
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
    const next = this.#text[this.#at + 1] ?? '';
    if (next === '\n') this.#at += 2;
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
    if (/\s/.test(inner) || quote === '`') this.within.push(inner);
    const word = quote === "'" ? inner : inner.replaceAll(/\\(["\\$`])/g, '$1');
    this.#take(quote === '`' ? '$()' : word, close + 1 - this.#at);
  }

  #closing(quote: string): number {
    if (this.#unclosed.has(quote)) return -1;
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      if (this.#text[at] === quote) return at;
      if (this.#text[at] === '\\' && quote !== "'") at += 1;
    }
    this.#unclosed.add(quote);
    return -1;
  }

  #substitution(): void {
    const open = this.#text[this.#at + 1]!;
    const close = open === '(' ? ')' : '}';
    let depth = 0;
    if (this.#unclosed.has(open)) return this.#take('$');
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      if (this.#text[at] === open) depth += 1;
      if (this.#text[at] === close) depth -= 1;
      if (depth > 0) continue;
      this.within.push(this.#text.slice(this.#at + 2, at));
      return this.#take(open === '(' ? '$()' : '${}', at + 1 - this.#at);
    }
    this.#unclosed.add(open);
    this.#take('$');
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
