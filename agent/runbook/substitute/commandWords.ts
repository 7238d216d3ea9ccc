import type { ShellContext } from './shellContext';

/** The words of the simple command that is being read, as far as they tell how its arguments are understood. */
export class CommandWords {
  readonly words: string[] = [];
  /** `case` that wait for their `esac`: until then a `)` ends a pattern. */
  cases = 0;
  /** Where a `[[` began that is still open, and how many atoms there were before it. */
  test: { readonly atom: number; readonly at: number } | undefined;
  /** The word so far. */
  word = '';

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
    this.words.push(word);
  }

  /** An operator or a line end ended the command. */
  endCommand(): void {
    this.endWord();
    this.words.length = 0;
  }

  /** Whether the command takes the word as a number to compute or as the name of a variable. */
  isComputed(context: ShellContext): boolean {
    if (context !== 'bare' && context !== 'double') return false;
    if (evaluating.has(this.command)) return !this.#isText();
    if (declaring.has(this.command)) {
      const computes = this.words.some(word => /^-\w*i/.test(word)) || !this.word.includes('=');
      return computes && this.words.length > 0;
    }
    return naming.has(`${this.command} ${this.words.at(-1)}`);
  }

  /** `read -p "…" name`. */
  #isText(): boolean {
    return this.command === 'read' && /^-\w*[pdunNt]$/.test(this.words.at(-1) ?? '');
  }
}

/** After these a command still follows. */
const leads: ReadonlySet<string> = new Set(
  'if then else elif do while until ! { } time fi done esac sudo exec command nohup env && ||'.split(' '),
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
]);

const declaring: ReadonlySet<string> = new Set(['declare', 'typeset', 'local', 'readonly', 'export']);

const naming: ReadonlySet<string> = new Set(['[ -v', 'test -v', '[[ -v', 'printf -v']);
