import type { CodeToken } from './codeContexts';
import { expressionAt } from './expressions';

/**
 * The strings, comments, templates and regular expressions of a JavaScript or TypeScript text. Where it cannot be told
 * whether a slash divides or begins a regular expression, all from there on is `unknown`.
 */
export function jsTokens(text: string): CodeToken[] {
  const reader = new JsReader(text);
  while (reader.next());
  return reader.found;
}

/** What the piece before a place was: after a value a slash divides, after others a regular expression begins. */
type Before = 'value' | 'other' | 'either';

class JsReader {
  readonly found: CodeToken[] = [];
  readonly #text: string;
  /** What is open: a template's `${`, a brace, a parenthesis after `if` and such, after `await`, another one. */
  readonly #open: ('template' | 'brace' | 'head' | 'await' | 'parenthesis')[] = [];
  #at = 0;
  #before: Before = 'other';
  /** The word that was just read, if nothing but a dot is before it. */
  #word = '';
  #afterDot = false;
  /** Nothing but blanks and comments on this line yet. */
  #atLineStart = true;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads one piece; false at the end. */
  next(): boolean {
    const text = this.#text;
    if (this.#at >= text.length) return false;
    const char = text[this.#at]!;
    const filled = ownLength(text, this.#at);
    if (filled > 0) {
      this.#became('value');
      this.#at += filled;
    } else if (char === '`' || (char === '}' && this.#open.at(-1) === 'template')) this.#template(char);
    else if (this.#isOldComment()) return this.#giveUp();
    else {
      token.lastIndex = this.#at;
      const { 0: whole, groups } = token.exec(text)!;
      if (groups!.comment !== undefined) this.#take(whole, 'comment');
      else if (groups!.string !== undefined) this.#take(whole, 'string');
      else if (groups!.word !== undefined) this.#takeWord(whole);
      else if (char === '/') return this.#slash();
      else this.#sign(whole);
    }
    return true;
  }

  #take(whole: string, context: 'comment' | 'string'): void {
    this.found.push({ start: this.#at, end: this.#at + whole.length, context });
    this.#at += whole.length;
    if (context === 'comment') this.#atLineStart ||= /[\n\u2028\u2029]/.test(whole);
    else this.#became('value');
  }

  #takeWord(word: string): void {
    const isName = this.#afterDot;
    this.#became(isName || !beforeRegex.has(word) ? 'value' : 'other');
    if (!isName && eitherWords.has(word)) this.#before = 'either';
    this.#word = isName ? '' : word;
    this.#at += word.length;
  }

  /** A slash that begins no comment. */
  #slash(): boolean {
    const pattern = this.#before === 'other' ? regexAt(this.#text, this.#at) : undefined;
    if (this.#before === 'value') {
      this.#became('other');
      this.#at++;
    } else if (pattern === undefined) return this.#giveUp();
    else this.#take(pattern, 'string');
    return true;
  }

  #sign(sign: string): void {
    this.#at += sign.length;
    if (/^\s+$/.test(sign)) {
      this.#atLineStart ||= /[\n\r\u2028\u2029]/.test(sign);
      return;
    }
    if (sign === '(')
      this.#open.push(heads.has(this.#word) ? 'head' : this.#word === 'await' ? 'await' : 'parenthesis');
    if (sign === '{') this.#open.push('brace');
    const closed = /[)}]/.test(sign) ? this.#open.pop() : undefined;
    // `a++ / 2`, TypeScript's `a! / 2`: what stands after a value leaves it one.
    const isPostfix = /^(\+\+|--|!)$/.test(sign) && this.#before === 'value';
    if (isPostfix && sign === '!' && /\s/.test(this.#text[this.#at - 2] ?? '')) this.#became('either');
    else if (isPostfix) this.#became('value');
    else if (sign === '}' || closed === 'await') this.#became('either');
    else this.#became(sign === ']' || (sign === ')' && closed !== 'head') ? 'value' : 'other');
    this.#afterDot = sign === '.' || sign === '?.';
  }

  /** A template's text, from its back quote or the end of its `${…}` up to the next one. */
  #template(char: string): void {
    if (char === '}') this.#open.pop();
    const end = templateEnd(this.#text, this.#at + 1);
    this.found.push({ start: this.#at, end, context: 'string' });
    if (this.#text.startsWith('${', end - 2)) this.#open.push('template');
    this.#at = end;
    this.#became(this.#open.at(-1) === 'template' && this.#text[end - 1] === '{' ? 'other' : 'value');
  }

  #became(before: Before): void {
    this.#before = before;
    this.#word = '';
    this.#afterDot = false;
    this.#atLineStart = false;
  }

  /** `<!--`, and `-->` first in a line: comments in a script, operators in a module. */
  #isOldComment(): boolean {
    const { length } = this.found;
    if (this.#text.startsWith('<!--', this.#at)) return true;
    return this.#atLineStart && (this.#at > 0 || length > 0) && this.#text.startsWith('-->', this.#at);
  }

  #giveUp(): false {
    this.found.push({ start: this.#at, end: this.#text.length, context: 'unknown' });
    this.#at = this.#text.length;
    return false;
  }
}

const token =
  /(?<comment>\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?(?:\*\/|$)|^#![^\n]*)|(?<string>"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?)|(?<word>[\p{L}\p{N}_$]+)|\s+|\.\.\.|\?\.|\+\+|--|[^]/uy;

/** After these words a slash begins a regular expression. */
const beforeRegex: ReadonlySet<string> = new Set(
  'return typeof instanceof in new delete void throw case do else'.split(' '),
);

/** These are names in some places. */
const eitherWords: ReadonlySet<string> = new Set(['of', 'yield', 'await', 'let']);

/** What follows their parentheses is a statement. */
const heads: ReadonlySet<string> = new Set(['if', 'while', 'for', 'with']);

/** A regular expression with its flags; undefined where none ends in this line. */
function regexAt(text: string, from: number): string | undefined {
  let isClass = false;
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at]!;
    if (/[\n\r\u2028\u2029]/.test(char)) return undefined;
    if (char === '\\') at++;
    else if (char === '[') isClass = true;
    else if (char === ']') isClass = false;
    else if (char === '/' && !isClass)
      return text.slice(from, at + 1) + /^\w*/.exec(text.slice(at + 1, at + 20))![0];
  }
  return undefined;
}

/** The end of a template's text, its closing back quote or `${` included. */
function templateEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return at + 1;
    else if (text.startsWith('${', at) && ownLength(text, at) === 0) return at + 2;
  }
  return text.length;
}

/** The length of an expression of ours, which becomes a literal. */
function ownLength(text: string, at: number): number {
  const expression = expressionAt(text, at);
  return expression === undefined || expression.kind === 'other' ? 0 : expression.length;
}
