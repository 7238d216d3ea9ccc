import { HandrailError } from '../../protocol/errors';
import type { Cell, Runbook } from '../../runbook/model';
import { wholeFile } from '../../runbook/wholeFile';
import type { RunRequest } from '../types';

/** Indexes of the cells that a request names, in the order of the file. `excluded`: not part of a whole run. */
export function selectCells(
  runbook: Runbook,
  { file, selection }: RunRequest,
  excluded: (cell: Cell) => boolean,
): number[] {
  if (selection.kind === 'all') {
    const cells = wholeFile(runbook, file).filter(cell => !excluded(cell));
    return cells.map(({ index }) => index);
  }
  const missing = selection.indexes.filter(index => runbook.cells[index] === undefined);
  if (missing.length > 0) {
    const cells = runbook.cells.length;
    throw new HandrailError('invalidRunbook', `No cell number ${missing.join(', ')}: ${file} has ${cells}`, {
      file,
      diagnostics: [],
    });
  }
  return [...new Set(selection.indexes)].sort((a, b) => a - b);
}
