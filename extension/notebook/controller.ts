import * as vscode from 'vscode';
import { controllerId, notebookType } from '../commands/names';
import { languages } from '../../agent/runbook/languages';
import { lastNotebookText } from './notebookText';
import type { OpenNotebooks } from './openNotebooks';
import type { WantedCells } from './runCells';

/**
 * The one controller of all runbooks: it takes every language that runs, so that there is nothing to pick. A cell in
 * another one, such as front matter, is left alone by VS Code. It has no interrupt handler, because that would not
 * learn which cell to stop.
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
      await run(notebook, meant(cells, notebook, busy, controller.supportedLanguages ?? []));
    },
  );
  controller.supportedLanguages = supportedLanguages([]);
  controller.supportsExecutionOrder = true;
  controller.description = 'This machine';
  return controller;
}

/** Has VS Code hand over all cells that run: of the known languages, and of those that open runbooks add. */
export function keepLanguages(controller: vscode.NotebookController): vscode.Disposable {
  const look = (): void => {
    const shown = vscode.workspace.notebookDocuments.filter(
      document => document.notebookType === notebookType,
    );
    const languages = supportedLanguages(shown.flatMap(runningLanguages));
    if (languages.join() !== controller.supportedLanguages?.join()) controller.supportedLanguages = languages;
  };
  look();
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenNotebookDocument(look),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => {
      if (notebook.notebookType === notebookType) look();
    }),
  );
}

function runningLanguages(notebook: vscode.NotebookDocument): string[] {
  return runningCells(notebook).map(({ document }) => document.languageId);
}

function runningCells(notebook: vscode.NotebookDocument): vscode.NotebookCell[] {
  const view = lastNotebookText(notebook);
  return notebook.getCells().filter(cell => view?.cellOf(cell) !== undefined);
}

/** A new cell gets the first of them. */
function supportedLanguages(more: readonly string[]): string[] {
  return [...new Set([...languages.map(({ editor }) => editor), ...more.toSorted()])];
}

/**
 * Run All hands over every cell that runs, but none that waits or runs already, and none in a language that VS Code
 * does not know. It is not told apart otherwise: whoever runs the rest below a cell that has only just ended looks the
 * same, so a cell that ran and was not handed over is never run again.
 */
function meant(
  cells: readonly vscode.NotebookCell[],
  notebook: vscode.NotebookDocument,
  isBusy: (cell: vscode.NotebookCell) => boolean,
  supported: readonly string[],
): WantedCells {
  if (cells.length < 2) return cells;
  const given = new Set(cells);
  const left = runningCells(notebook).filter(cell => !given.has(cell));
  const allBut = new Set(left.filter(isBusy));
  const unasked = left.filter(cell => !allBut.has(cell));
  return unasked.every(({ document }) => !supported.includes(document.languageId)) ? { allBut } : cells;
}
