/**
 * Puts `or CHECK LINE` between the statements of a fish script, since fish has no -e. Lines stay where they are. What
 * stands in blocks and functions is left alone: a block's own status counts. So is a status that is an answer rather
 * than a failure: with `and`, `&&`, `not` and `!`.
 */
export function checkStatements(text: string, firstLine: number, check: string): string {
  const statements = new Scanner(text).statements();
  let checked = '';
  let from = 0;
  let line = firstLine;
  statements.forEach(({ start, joins }, index) => {
    const last = statements[index - 1];
    const part = text.slice(from, start);
    checked += part;
    if (last !== undefined && !last.answers && !joins) checked += `or ${check} ${line}; `;
    line += part.split('\n').length - 1;
    from = start;
  });
  const rest = text.slice(from);
  const last = statements.at(-1);
  return checked + rest + (last?.answers === false && rest.endsWith('\n') ? `or ${check} ${line}\n` : '');
}

interface Statement {
  readonly start: number;
  /** Begins with `and` or `or`. */
  readonly joins: boolean;
  answers: boolean;
}

const openers = new Set(['if', 'while', 'begin', 'for', 'switch', 'function']);
/** Words after which a command stands. */
const before = new Set(['if', 'while', 'begin', 'and', 'or', 'not', '!', 'else', 'time']);
const answering = new Set(['and', 'not', '!']);
const wordEnd = /[\s;|&()<>]/;

/** Finds the statements that stand in no block, as far as fish's grammar goes without running it. */
class Scanner {
  readonly #text: string;
  readonly #found: Statement[] = [];
  /** Blocks and command substitutions around. */
  readonly #around: ('block' | '(')[] = [];
  /** What a word here would be. */
  #place: 'statement' | 'command' | 'argument' = 'statement';
  #afterElse = false;

  constructor(text: string) {
    this.#text = text;
  }

  statements(): readonly Statement[] {
    for (let at = 0; at < this.#text.length;) at = this.#take(at);
    // Not understood, so nothing is put in.
    return this.#around.length === 0 ? this.#found : [];
  }

  /** Takes what stands at an offset; returns the offset after it. */
  #take(at: number): number {
    const char = this.#text[at] ?? '';
    if (char === '#') return this.#end(/(?=\n)|$/g, at);
    if (char === '\n') return this.#endStatement(at, this.#place === 'command');
    if (char === ';') return this.#endStatement(at, false);
    if (/\s/.test(char)) return at + 1;
    if (char === '\\' && this.#text[at + 1] === '\n') return at + 2;
    if (char === '(' || char === ')') return this.#parenthesis(at, char);
    if (char === '<' || char === '>') return at + (this.#text[at + 1] === '&' ? 2 : 1);
    if (char === '|' || char === '&') return this.#operator(at, char);
    return this.#word(at);
  }

  #endStatement(at: number, goesOn: boolean): number {
    if (!goesOn) this.#place = 'statement';
    return at + 1;
  }

  #parenthesis(at: number, char: '(' | ')'): number {
    if (char === '(') this.#around.push('(');
    else while (this.#around.length > 0 && this.#around.pop() !== '(');
    this.#place = char === '(' ? 'statement' : 'argument';
    return at + 1;
  }

  #operator(at: number, char: string): number {
    const next = this.#text[at + 1];
    if (char === '&' && next === '>') return at + 2;
    if (char === '&' && next !== '&') return this.#endStatement(at, false);
    if (char === '&' && this.#around.length === 0) this.#answers();
    this.#place = 'command';
    return at + (next === char || next === '&' ? 2 : 1);
  }

  #word(at: number): number {
    const end = this.#wordEnd(at);
    const word = this.#text.slice(at, end);
    const outside = this.#around.length === 0;
    if (this.#place === 'statement' && outside) {
      this.#found.push({ start: at, joins: word === 'and' || word === 'or', answers: false });
    }
    if (this.#place !== 'argument') this.#command(word, outside);
    return end;
  }

  #command(word: string, outside: boolean): void {
    // `set` leaves the status as it was: in `set -q X; or set X 1` that of the question.
    const sets = word === 'set' && this.#found.at(-1)?.joins === true;
    if (outside && (answering.has(word) || sets)) this.#answers();
    if (word === 'end') this.#around.pop();
    else if (openers.has(word) && !this.#afterElse) this.#around.push('block');
    this.#afterElse = word === 'else';
    this.#place = before.has(word) ? 'command' : 'argument';
    if (word === 'begin' || word === 'else') this.#place = 'statement';
  }

  #wordEnd(start: number): number {
    let at = start;
    while (at < this.#text.length && !wordEnd.test(this.#text[at] ?? '')) {
      const char = this.#text[at];
      if (char === '\\') at += 2;
      else if (char === "'" || char === '"') at = this.#end(closing[char], at + 1);
      else at += 1;
    }
    return at;
  }

  #end(pattern: RegExp, from: number): number {
    pattern.lastIndex = from;
    return pattern.exec(this.#text) ? pattern.lastIndex : this.#text.length;
  }

  #answers(): void {
    const last = this.#found.at(-1);
    if (last) last.answers = true;
  }
}

const closing = { "'": /(?:[^'\\]|\\[^])*'/gy, '"': /(?:[^"\\]|\\[^])*"/gy } as const;
