import { selectCells } from '../../engine/plan/selectCells';
import type { RunRequest } from '../../engine/types';
import { cellOptions } from '../../runbook/cellOptions';
import type { Cell } from '../../runbook/model';
import { parseRunbook } from '../../runbook/parseRunbook';
import type { Candidate } from './chooseCells';

/** The cells of a file as a selection sees them. */
export function candidatesOf(request: RunRequest): Candidate[] {
  const runbook = parseRunbook(request.text);
  const optionsOf = (cell: Cell) => cellOptions(cell, runbook.frontMatter).options;
  const all: RunRequest = { ...request, selection: { kind: 'all' } };
  const whole = new Set(selectCells(runbook, all, cell => optionsOf(cell).exclude));
  return runbook.cells.map(cell => ({
    index: cell.index,
    name: cell.name,
    tags: optionsOf(cell).tags,
    lines: [cell.line, lastLine(cell, request.text)],
    whole: whole.has(cell.index),
  }));
}

function lastLine({ line, span }: Cell, source: string): number {
  return line + source.slice(span.start, span.end).trimEnd().split('\n').length - 1;
}
