import type { Cell, Runbook } from '../../runbook/model';
import type { RunRequest } from '../types';
import { selectCells } from './selectCells';

/**
 * Which part of its runbook a request asks for: `from drain`, `until drain`, `3 of 7 cells`. Nothing where it is all of
 * it, one cell, or what an earlier run had.
 */
export function partOf(
  runbook: Runbook,
  request: RunRequest,
  excluded: (cell: Cell) => boolean,
): string | undefined {
  if (request.selection.kind === 'all' || request.continues !== undefined) return undefined;
  const whole = selectCells(runbook, { ...request, selection: { kind: 'all' } }, excluded);
  const chosen = selectCells(runbook, request, excluded);
  const [first, last] = [chosen[0], chosen.at(-1)];
  if (first === undefined || last === undefined || chosen.length === 1 || isSame(chosen, whole))
    return undefined;
  if (isSame(chosen, whole.slice(-chosen.length))) return `from ${runbook.cells[first]?.name ?? ''}`;
  if (isSame(chosen, whole.slice(0, chosen.length))) return `until ${runbook.cells[last]?.name ?? ''}`;
  return `${chosen.length} of ${runbook.cells.length} cells`;
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((index, at) => index === other[at]);
}
