import type { ShellContext } from './shellContext';

/** The words of the simple command that is being read, as far as they tell how its arguments are understood. */
export class CommandWords {
  readonly words: string[] = [];
  /** `case` that wait for their `esac`: until then a `)` ends a pattern. */
  cases = 0;
  /** Where a `[[` began that is still open, and how many atoms there were before it. */
  test: { readonly atom: number; readonly at: number } | undefined;
  /** The word so far, without the quotes that are still open. */
  word = '';
  /** Where the quotes of the word began that are still open. */
  quoteAt: number | undefined;
  readonly #isList: boolean;

  constructor(isList = false) {
    this.#isList = isList;
  }

  get command(): string {
    return this.words[0] ?? this.word;
  }

  /** A blank ended the word. */
  endWord(): void {
    const { word } = this;
    this.word = '';
    if (word === '') return;
    const first = this.words.length === 0;
    if (first && word === 'case') this.cases++;
    if (first && word === 'esac' && this.cases > 0) this.cases--;
    if (first && (leads.has(word) || /^[A-Za-z_]\w*\+?=/.test(word))) return;
    // `\let` and `"let"` are let.
    this.words.push(first ? word.replaceAll(/[\\'"]/g, '') : word);
  }

  /** An operator or a line end ended the command. */
  endCommand(): void {
    this.endWord();
    this.words.length = 0;
  }

  /** Whether the command takes the word as a number to compute or as the name of a variable. */
  isComputed(context: ShellContext, word: string): boolean {
    if (context !== 'bare' && context !== 'double') return false;
    // The index of an array: `a[1]=x`, `a=([1]=x)`.
    if ((this.words.length === 0 || this.#isList) && index.test(word))
      return this.#isList || !word.startsWith('[');
    if (evaluating.has(this.command)) return !this.#isText();
    if (declaring.has(this.command)) {
      const computes = this.words.some(word => /^-\w*i/.test(word)) || !word.includes('=');
      return computes && this.words.length > 0;
    }
    return naming.has(`${this.command} ${this.words.at(-1)}`);
  }

  /** `read -p "…" name`. */
  #isText(): boolean {
    return this.command === 'read' && /^-\w*[pd]$/.test(this.words.at(-1) ?? '');
  }
}

const index = /^[A-Za-z_]*\w*\[[^\]]*$/;

/** After these a command still follows. */
const leads: ReadonlySet<string> = new Set(
  'if then else elif do while until ! { } time fi done esac sudo exec command builtin nohup env noglob nocorrect'.split(
    ' ',
  ),
);

/** What they are given is computed, or is the name of a variable whose index is. */
const evaluating: ReadonlySet<string> = new Set([
  'let',
  'unset',
  'read',
  'mapfile',
  'readarray',
  'getopts',
  'integer',
  'vared',
]);

const declaring: ReadonlySet<string> = new Set(['declare', 'typeset', 'local', 'readonly', 'export']);

const naming: ReadonlySet<string> = new Set(['[ -v', 'test -v', '[[ -v', 'printf -v', 'print -v', 'set -A']);
