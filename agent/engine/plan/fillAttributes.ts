import type { CellOptions } from '../../runbook/cellOptions';
import type { Diagnostic, FiledDiagnostic } from '../../runbook/model';
import { expressionAt, type Expression } from '../../runbook/substitute/expressions';
import { undeclared } from '../../runbook/substitute/undeclared';
import { cellDiagnostic } from './cellDiagnostic';
import type { DraftStep } from './draft';
import type { InputValues } from './inputValues';

/**
 * Fills in the attributes that are read by us, not by a shell: there an input is the text itself. Done before any rule
 * looks at them. A secret stands in none of them: they are shown, logged and kept.
 */
export function fillAttributes(
  draft: DraftStep,
  values: Pick<InputValues, 'values' | 'secret'>,
): { readonly step: DraftStep; readonly problems: readonly FiledDiagnostic[] } {
  const filler = new AttributeFiller(draft, values);
  const { options, book } = draft;
  const { confirm, cwd, lock, target, env } = options;
  const filled: CellOptions = {
    ...options,
    ...(typeof confirm === 'string' ? { confirm: filler.fill('confirm', confirm) } : {}),
    ...(cwd === undefined ? {} : { cwd: filler.fill('cwd', cwd) }),
    ...(lock === undefined ? {} : { lock: filler.fill('lock', lock) }),
    target: filler.fill('target', target),
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filler.fill('env', value)])),
  };
  filler.refuseOthers();
  return { step: { ...draft, options: filled }, problems: book.filed(filler.problems) };
}

class AttributeFiller {
  readonly problems: Diagnostic[] = [];
  readonly #draft: DraftStep;
  readonly #values: Pick<InputValues, 'values' | 'secret'>;

  constructor(draft: DraftStep, values: Pick<InputValues, 'values' | 'secret'>) {
    this.#draft = draft;
    this.#values = values;
  }

  fill(key: string, text: string): string {
    let filled = '';
    let from = 0;
    for (const { at, expression } of expressionsIn(text)) {
      filled +=
        text.slice(from, at) + (this.#value(key, expression) ?? text.slice(at, at + expression.length));
      from = at + expression.length;
    }
    return filled + text.slice(from);
  }

  /** Nothing is filled in in the other attributes: as text it would mean something else. */
  refuseOthers(): void {
    for (const { key, value } of this.#draft.cell.attributes) {
      if (value === true || !unfilled.has(key)) continue;
      const found = expressionsIn(value).find(({ expression }) => expression.kind !== 'other');
      if (found) this.#wrong(key, `\`${key}\` takes no inputs and no secrets`, 'Write it out.');
    }
  }

  /** Undefined where it cannot be filled in: a problem, or not known yet. */
  #value(key: string, expression: Expression): string | undefined {
    const { inputs, secrets } = this.#draft.book;
    const { kind, name } = expression;
    const names = new Set(secrets.map(secret => secret.name));
    const problem = undeclared(expression, {
      inputs,
      secrets: names,
      values: this.#values.values,
      placeholders: false,
    });
    if (problem) this.#wrong(key, ...problem, 'unknown-value');
    else if (kind === 'secrets' || this.#values.secret.has(name)) {
      const message = `\`${name}\` is a secret, and \`${key}\` is shown, logged and kept`;
      this.#wrong(key, message, `The cell's own commands get it as the variable ${name}.`);
    } else {
      const isOptional = inputs.some(input => input.name === name && !input.required);
      return this.#values.values.get(name) ?? (isOptional ? '' : undefined);
    }
    return undefined;
  }

  #wrong(key: string, message: string, hint: string, code = 'unfillable'): void {
    const { book, cell } = this.#draft;
    this.problems.push(cellDiagnostic(book.runbook, cell, code, message, { key, hint }));
  }
}

/** Attributes that have texts of their own, and in which nothing is filled in. */
const unfilled: ReadonlySet<string> = new Set(
  'name needs rollback output parallel mime interpreter tags secrets'.split(' '),
);

function expressionsIn(text: string): { at: number; expression: Expression }[] {
  const found: { at: number; expression: Expression }[] = [];
  for (let at = text.indexOf('${{'); at >= 0; at = text.indexOf('${{', at + 1)) {
    const expression = expressionAt(text, at);
    if (expression) found.push({ at, expression });
  }
  return found;
}
