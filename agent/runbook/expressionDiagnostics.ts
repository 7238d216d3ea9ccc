import { declaredInputs } from './inputs';
import type { Attribute, Cell, Diagnostic, FrontMatter } from './model';
import { declaredSecrets } from './secretsTable';
import { expressionAt, type Expression } from './substitute/expressions';
import { undeclared } from './substitute/undeclared';

/** Attributes that name an input or a secret that the front matter does not declare. */
export function expressionDiagnostics(
  cells: readonly Cell[],
  frontMatter: FrontMatter | undefined,
  source: string,
): Diagnostic[] {
  const found = cells.flatMap(cell =>
    cell.attributes.flatMap(attribute =>
      expressionsOf(attribute).map(expression => ({ cell, attribute, expression })),
    ),
  );
  if (found.length === 0) return [];
  const { inputs } = declaredInputs(frontMatter, source);
  const secrets = new Set(declaredSecrets(frontMatter, source).secrets.map(({ name }) => name));
  const known = { inputs, secrets, values: new Map<string, string>(), placeholders: false };
  return found.flatMap(({ cell, attribute: { span }, expression }) => {
    const [message, hint] = undeclared(expression, known) ?? [];
    if (message === undefined || hint === undefined) return [];
    const column = cell.column + span.start - cell.span.start;
    const place = { line: cell.line, column, span, cells: [cell.name] };
    return [{ severity: 'error' as const, code: 'unknown-value', message, hint, ...place }];
  });
}

/** Those of another system, `${{ github.sha }}`, may be meant as they stand. */
function expressionsOf({ value }: Attribute): Expression[] {
  if (value === true) return [];
  const found: Expression[] = [];
  for (let at = value.indexOf('${{'); at >= 0; at = value.indexOf('${{', at + 1)) {
    const expression = expressionAt(value, at);
    if (expression !== undefined && expression.kind !== 'other') found.push(expression);
  }
  return found;
}
