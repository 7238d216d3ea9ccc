import * as vscode from 'vscode';
import { controllerId, notebookType } from '../commands/names';
import type { WantedCells } from './runCells';

/**
 * The one controller of all runbooks: it takes every language, so that there is nothing to pick. It has no interrupt
 * handler, because that would not learn which cell to stop.
 */
export function createController(
  run: (notebook: vscode.NotebookDocument, wanted: WantedCells) => Promise<void>,
): vscode.NotebookController {
  const controller = vscode.notebooks.createNotebookController(
    controllerId,
    notebookType,
    'Handrail',
    (cells, notebook) => run(notebook, isAll(cells, notebook) ? 'all' : cells),
  );
  controller.supportsExecutionOrder = true;
  controller.description = 'This machine';
  return controller;
}

/** Run All hands over every code cell; VS Code does not tell it apart otherwise. */
function isAll(cells: readonly vscode.NotebookCell[], notebook: vscode.NotebookDocument): boolean {
  const code = notebook.getCells().filter(cell => cell.kind === vscode.NotebookCellKind.Code);
  return cells.length > 1 && cells.length === code.length;
}
