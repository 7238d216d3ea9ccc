import type { Pipeline } from './pipeline';
import { SecondReader } from './secondReader';
import type { ShellContext } from './shellContext';

/** The words of the simple command that is being read, as far as they tell how its arguments are understood. */
export class CommandWords {
  readonly words: string[] = [];
  /** What comes next is where input comes from or output goes: no word of the command. */
  redirects: 'file' | 'string' | undefined;
  readonly pipeline: Pipeline;
  reader = new SecondReader();
  /** `case` that wait for their `esac`: until then a `)` ends a pattern. */
  cases = 0;
  /** Where a `[[` began that is still open, and how many atoms there were before it. */
  test: { readonly atom: number; readonly at: number } | undefined;
  /** The word so far, without the quotes that are still open. */
  word = '';
  /** Where the quotes of the word began that are still open. */
  quoteAt: number | undefined;
  readonly #isList: boolean;
  readonly #names: ReadonlySet<string>;
  /** How many atoms there were where the command began. */
  #began: number;

  /** `names`: variables that compute what they are given; `atoms`: how many were read before. */
  constructor(pipeline: Pipeline, names: ReadonlySet<string>, atoms: number, isList = false) {
    this.pipeline = pipeline;
    this.#names = names;
    this.#began = atoms;
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
    const redirects = this.redirects;
    this.redirects = undefined;
    if (redirects !== undefined) return;
    const first = this.words.length === 0;
    if (first && word === 'case') this.cases++;
    if (first && word === 'esac' && this.cases > 0) this.cases--;
    if (first && openers.has(word)) this.pipeline.open();
    if (first && closers.has(word)) this.pipeline.close();
    if (first && (leads.has(word) || /^[A-Za-z_]\w*\+?=/.test(word))) return;
    // `\let` and `"let"` are let.
    this.words.push(first ? word.replaceAll(/[\\'"]/g, '') : word);
    this.reader.take(word);
  }

  /** An operator or a line end ended the command. */
  endCommand(atoms: number, isPiped = false): void {
    this.endWord();
    this.pipeline.end(this.reader.readsInput, this.#began, isPiped);
    this.words.length = 0;
    this.redirects = undefined;
    this.reader = new SecondReader();
    this.#began = atoms;
  }

  /** Whether the command takes the word as a number to compute or as the name of a variable. */
  isComputed(context: ShellContext, word: string): boolean {
    if (context !== 'bare' && context !== 'double' && context !== 'single') return false;
    if (this.redirects !== undefined) return this.#isNamed('');
    // The index of an array: `a[1]=x`, `a=([1]=x)`.
    if ((this.words.length === 0 || this.#isList) && index.test(word))
      return this.#isList || !word.startsWith('[');
    if (this.#isNamed(word)) return true;
    if (evaluating.has(this.command)) return !this.#isText();
    if (declaring.has(this.command)) {
      const computes = this.words.some(word => /^-\w*[in]/.test(word)) || !word.includes('=');
      return computes && this.words.length > 0;
    }
    return naming.has(`${this.command} ${this.words.at(-1)}`);
  }

  /** `declare -i n`, then `n=…`, `for n in …`, `export n=…`, `read n <<< …`. */
  #isNamed(word: string): boolean {
    if (this.#names.size === 0 || this.redirects === 'file') return false;
    const given = /^["']?([A-Za-z_]\w*)(\[[^\]]*\])?\+?=/.exec(word)?.[1];
    if (given !== undefined && this.#names.has(given)) return true;
    const takes = this.command === 'for' || this.command === 'select' || this.redirects === 'string';
    return takes && this.words.slice(0, 20).some(one => this.#names.has(one));
  }

  /** `read -p "…" name`. */
  #isText(): boolean {
    return this.command === 'read' && /^-\w*[pd]$/.test(this.words.at(-1) ?? '');
  }
}

const index = /^\w*\[[^\]]*$/;

const openers: ReadonlySet<string> = new Set('{ if for while until case select'.split(' '));

const closers: ReadonlySet<string> = new Set('} fi done esac'.split(' '));

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
