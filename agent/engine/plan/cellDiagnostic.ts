import { Lines, positionAt } from '../../runbook/lines';
import type { Cell, Diagnostic, Runbook } from '../../runbook/model';

/**
 * An error about a cell that keeps it from running. It stands at the attribute `key` where there is one, at
 * `offset` where that is given, else at the cell's fence.
 */
export function cellDiagnostic(
  runbook: Runbook,
  cell: Cell,
  code: string,
  message: string,
  where: { key?: string; offset?: number; hint?: string } = {},
): Diagnostic {
  const attribute = cell.attributes.find(({ key }) => key === where.key);
  const span = attribute?.span ?? spanAt(where.offset) ?? cell.span;
  const position = span === cell.span ? cell : positionAt(new Lines(runbook.source), span.start);
  return {
    severity: 'error',
    code,
    message,
    line: position.line,
    column: position.column,
    span,
    cells: [cell.name],
    ...(where.hint === undefined ? {} : { hint: where.hint }),
  };
}

function spanAt(offset: number | undefined): { start: number; end: number } | undefined {
  return offset === undefined ? undefined : { start: offset, end: offset };
}
