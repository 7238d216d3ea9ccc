import { HandrailError } from '../protocol/errors';
import { languageOf } from '../runbook/languages';
import type { Cell, Runbook } from '../runbook/model';
import type { RunRequest } from './types';

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

function wholeFile({ cells, frontMatter }: Runbook, file: string): Cell[] {
  // Whoever wrote a page without thinking of Handrail did not mean its Python samples to run one after another.
  const meant = file.endsWith('.runbook.md') || frontMatter?.handrail === true;
  return meant ? [...cells] : cells.filter(isShell);
}

function isShell({ language }: Cell): boolean {
  return languageOf(language)?.kind === 'shell';
}
