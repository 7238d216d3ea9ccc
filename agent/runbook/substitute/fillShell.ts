import { expressionAt, type Expression } from './expressions';
import type { FillValues } from './fillIn';
import type { Filling } from './filling';
import { lexFish } from './lexFish';
import { lexPowershell } from './lexPowershell';
import { lexShell } from './lexShell';
import { isPlaceholder } from './isPlaceholder';
import { placeholderName } from './placeholderName';
import { placeholderVariable } from './placeholders';
import { shapeAt } from './placeholderShape';
import type { Atom, AtomAt, LexedShell, ShellContext } from './shellContext';
import { fishDialect, posixDialect, powershellDialect, type ShellDialect } from './shellReference';
import { undeclared } from './undeclared';
import { variableFor } from './variableFor';

/** Languages whose texts refer to variables. */
export const shells: Readonly<
  Record<string, { lex: (text: string, atomAt: AtomAt) => Pick<LexedShell, 'atoms'>; dialect: ShellDialect }>
> = {
  bash: { lex: lexShell, dialect: posixDialect },
  zsh: { lex: lexShell, dialect: posixDialect },
  fish: { lex: lexFish, dialect: fishDialect },
  powershell: { lex: lexPowershell, dialect: powershellDialect },
};

/** Puts references to variables into a shell's text. */
export function fillShell(filling: Filling, values: FillValues, language: string): void {
  const { lex, dialect } = shells[language]!;
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

  constructor(filling: Filling, values: FillValues, language: string, dialect: ShellDialect) {
    this.#filling = filling;
    this.#values = values;
    this.#language = language;
    this.#dialect = dialect;
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
    if (!shape || !isPlaceholder(text, atom, shape)) return;
    const name = placeholderName(shape, atom);
    const variable = placeholderVariable(name);
    if (atom.computed) this.#isNumber(atom, 'placeholder', name, shape.written);
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
    this.#refer(atom, written, name, variableFor(name, this.#language));
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
    if (isReadAgain(atom)) {
      const message = `\`${written}\` is put into a text that a second shell reads, which would run what is in it`;
      const hint = `Let the second shell read the variable: single quotes around its text, and "$${variable}" in them.`;
      this.#filling.warning(span, 'read-twice', message, hint);
    }
    this.#filling.replace(span, name, reference, variable);
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

function isReadAgain({ command, words, context }: Atom): boolean {
  if (command === 'eval') return true;
  if (context !== 'double') return false;
  const runs =
    /^-\w*c$/.test(words.at(-1) ?? '') && /(^|\/)(ba|da|z|k|a)?sh$|^su$|^fish$/.test(words.at(-2) ?? '');
  return runs || (command === 'ssh' && words.length > 1);
}
