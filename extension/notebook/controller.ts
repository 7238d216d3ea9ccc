import * as vscode from 'vscode';
import { controllerId, notebookType } from '../commands/names';
import type { OpenNotebooks } from './openNotebooks';
import type { WantedCells } from './runCells';

/**
 * The one controller of all runbooks: it takes every language, so that there is nothing to pick. It has no interrupt
 * handler, because that would not learn which cell to stop.
 */
export function createController(
  run: (notebook: vscode.NotebookDocument, wanted: WantedCells) => Promise<unknown>,
  notebooks: () => OpenNotebooks,
): vscode.NotebookController {
  const controller = vscode.notebooks.createNotebookController(
    controllerId,
    notebookType,
    'Handrail',
    async (cells, notebook) => {
      const busy = (cell: vscode.NotebookCell) => notebooks().of(notebook)?.isBusy(cell) === true;
      await run(notebook, await meant(cells, notebook, busy));
    },
  );
  controller.supportsExecutionOrder = true;
  controller.description = 'This machine';
  return controller;
}

/**
 * Run All hands over every code cell, but none that waits or runs already, and none in a language that VS Code does
 * not know. It is not told apart otherwise: whoever runs the rest below a cell that has only just ended looks the
 * same, so a cell that ran and was not handed over is never run again.
 */
async function meant(
  cells: readonly vscode.NotebookCell[],
  notebook: vscode.NotebookDocument,
  isBusy: (cell: vscode.NotebookCell) => boolean,
): Promise<WantedCells> {
  if (cells.length < 2) return cells;
  const given = new Set(cells);
  const left = notebook
    .getCells()
    .filter(cell => cell.kind === vscode.NotebookCellKind.Code && !given.has(cell));
  const allBut = new Set(left.filter(isBusy));
  const unasked = left.filter(cell => !allBut.has(cell));
  if (unasked.length === 0) return { allBut };
  const languages = new Set(await vscode.languages.getLanguages());
  return unasked.every(cell => !languages.has(cell.document.languageId)) ? { allBut } : cells;
}
