import { expressionAt, type Expression } from './expressions';
import type { FillValues } from './fillIn';
import type { Filling } from './filling';
import { lexFish } from './lexFish';
import { lexPowershell } from './lexPowershell';
import { lexShell } from './lexShell';
import { placeholderTest } from './isPlaceholder';
import { placeholderName } from './placeholderName';
import { placeholderVariable } from './placeholders';
import { shapeAt } from './placeholderShape';
import type { ReadAgain } from './secondReader';
import type { Atom, AtomAt, LexedShell, ShellContext } from './shellContext';
import { fishDialect, posixDialect, powershellDialect, type ShellDialect } from './shellReference';
import { undeclared } from './undeclared';
import { variableFor } from './variableFor';

/** Languages whose texts refer to variables. */
export const shells: ReadonlyMap<string, Shell> = new Map([
  ['bash', { lex: lexShell, dialect: posixDialect }],
  ['zsh', { lex: lexShell, dialect: posixDialect }],
  ['fish', { lex: lexFish, dialect: fishDialect }],
  ['powershell', { lex: lexPowershell, dialect: powershellDialect }],
]);

interface Shell {
  readonly lex: (text: string, atomAt: AtomAt) => Pick<LexedShell, 'atoms'>;
  readonly dialect: ShellDialect;
}

/** Puts references to variables into a shell's text. */
export function fillShell(
  filling: Filling,
  values: FillValues,
  language: string,
  { lex, dialect }: Shell,
): void {
  const { text } = filling;
  const filler = new ShellFiller(filling, values, language, dialect);
  const atomAt = (at: number, context: ShellContext): number => {
    const char = text[at];
    if (char === '$') return expressionAt(text, at)?.length ?? 0;
    if (!values.placeholders || (char !== '<' && char !== '{') || language === 'powershell') return 0;
    return shapeAt(text, at, context)?.written.length ?? 0;
  };
  for (const atom of lex(text, atomAt).atoms) filler.fill(atom);
}

class ShellFiller {
  readonly #filling: Filling;
  readonly #values: FillValues;
  readonly #language: string;
  readonly #dialect: ShellDialect;
  readonly #isPlaceholder: ReturnType<typeof placeholderTest>;

  constructor(filling: Filling, values: FillValues, language: string, dialect: ShellDialect) {
    this.#filling = filling;
    this.#values = values;
    this.#language = language;
    this.#dialect = dialect;
    this.#isPlaceholder = placeholderTest(filling.text);
  }

  fill(atom: Atom): void {
    if (atom.context === 'comment') return;
    const { text } = this.#filling;
    const expression = expressionAt(text, atom.span.start);
    if (expression) this.#expression(atom, expression);
    else this.#placeholder(atom);
  }

  #placeholder(atom: Atom): void {
    const { text } = this.#filling;
    const shape = shapeAt(text, atom.span.start, atom.context);
    if (!shape || !this.#isPlaceholder(atom, shape)) return;
    const name = placeholderName(shape, atom);
    const variable = placeholderVariable(name);
    if (atom.computed) this.#isNumber(atom, 'placeholder', name, shape.written);
    else if (this.#isReadAgain(atom, undefined, name, shape.written, variable)) return;
    // Its quotes hold nothing but it, so that they can be closed before it and opened again after it.
    else if (atom.context === 'single') this.#filling.replace(atom.span, name, `'"$${variable}"'`, variable);
    else this.#refer(atom, shape.written, name, variable);
  }

  #expression(atom: Atom, expression: Expression): void {
    const { text } = this.#filling;
    const { kind, name } = expression;
    const written = text.slice(atom.span.start, atom.span.end);
    const isData = data.has(atom.context);
    const problem = undeclared(expression, this.#values);
    if (problem) {
      if (!isData) this.#filling.error(atom.span, 'unknown-value', ...problem);
      else if (isMeant(kind, this.#values)) this.#filling.warning(atom.span, 'unknown-value', ...problem);
      return;
    }
    // What bash takes as a prompt is the name of a variable in zsh.
    const computed = atom.computed || (this.#language === 'zsh' && atom.command === 'read');
    if (computed && !this.#isNumber(atom, kind, name, written)) return;
    const variable = variableFor(name, this.#language);
    if (!this.#isReadAgain(atom, kind, name, written, variable)) this.#refer(atom, written, name, variable);
  }

  #refer(atom: Atom, written: string, name: string, variable: string): void {
    const { text } = this.#filling;
    const { span } = atom;
    const [before = '', after = ''] = [text[span.start - 1], text[span.end]];
    const reference = this.#dialect(variable, atom.context, before, after);
    if (typeof reference !== 'string') {
      const message = `\`${written}\` cannot be filled in here: ${reference.why}`;
      this.#filling.error(span, 'unfillable', message, reference.hint);
      return;
    }
    this.#filling.replace(span, name, reference, variable);
  }

  /**
   * Whether a second program would run what is in the value, so that it is not filled in. A placeholder is for the
   * person who reads the document: a plain word is safe, whoever reads it.
   */
  #isReadAgain(
    { again, span }: Atom,
    kind: string | undefined,
    name: string,
    written: string,
    variable: string,
  ): boolean {
    if (again === undefined || this.#isPlain(kind, name)) return false;
    const value = kind === undefined ? this.#values.values.get(name) : undefined;
    const message = `\`${written}\` ${told[again]}, which would run what is in it`;
    if (kind === undefined && value === undefined) {
      this.#filling.warning(span, 'read-twice', message, `Only a plain word can be given for it.`);
      return false;
    }
    const hint = kind === undefined ? plainHint : hints[again](variable);
    this.#filling.error(span, 'read-twice', message, hint);
    return true;
  }

  /** Whether any program reads the value as a word and nothing else. */
  #isPlain(kind: string | undefined, name: string): boolean {
    const { inputs, values } = this.#values;
    if (kind === undefined) return plain.test(values.get(name) ?? ' ');
    const spec = kind === 'inputs' ? inputs.find(one => one.name === name) : undefined;
    if (spec?.type === 'choice') return spec.choices?.every(choice => plain.test(choice)) === true;
    return spec?.type === 'number' || spec?.type === 'boolean';
  }

  /** Whatever else is computed may run a command: `a[$(reboot)]`. */
  #isNumber(atom: Atom, kind: string, name: string, written: string): boolean {
    const spec = kind === 'inputs' ? this.#values.inputs.find(one => one.name === name) : undefined;
    const value = this.#values.values.get(name) ?? spec?.default ?? '0';
    if (spec?.type === 'number' && (/^-?\d+$/.test(value) || this.#language === 'zsh')) return true;
    const why =
      spec?.type === 'number' ? `\`${value}\` is not a whole number` : 'only a number may be computed';
    const message = `\`${written}\` cannot be filled in here: ${why}`;
    const hint = `Give it \`type: number\`, or set a variable to it in a line of its own before.`;
    this.#filling.error(atom.span, 'unfillable', message, hint);
    return false;
  }
}

/** Where text stands that is not for the shell to read. */
const data: ReadonlySet<ShellContext> = new Set(['single', 'ansi', 'quoted-heredoc']);

/** Whether the runbook has values of this kind at all: otherwise the text is somebody else's template. */
function isMeant(kind: string, { inputs, secrets }: FillValues): boolean {
  return (kind === 'inputs' && inputs.length > 0) || (kind === 'secrets' && secrets.size > 0);
}

const plain = /^[A-Za-z0-9_./:@%+=,-]+$/;

const plainHint =
  'Give a word of letters, digits and _./:@%+=,- only, or quote it for that program yourself.';

const told: Readonly<Record<ReadAgain, string>> = {
  shell: 'is put into a text that a second shell reads',
  far: 'is put into a command that a shell at the other end reads',
  code: 'is put into a text that another program reads as code',
};

const hints: Readonly<Record<ReadAgain, (variable: string) => string>> = {
  shell: variable =>
    `Let the second shell read the variable: single quotes around its text (<<'EOF' for a here-document), and "$${variable}" in it.`,
  far: variable =>
    `Quote it first, in a line of its own: quoted=$(printf %q "$${variable}"), and use $quoted here.`,
  code: variable =>
    `Let that program read it from its environment, where it is called ${variable}: single quotes around its text (<<'EOF' for a here-document).`,
};
