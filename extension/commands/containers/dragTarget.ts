import * as vscode from 'vscode';
import { notebookType } from '../names';
import { editOfCells, editOfText } from './insertTarget';

/** What a row carries while it is dragged: what a cell's `target=` would have to say. */
const targetMime = 'application/vnd.handrail.target';

/** Lets rows that a cell can run in be dragged to a cell's text. Nothing is dropped on the view itself. */
export function targetDrag<T>(targetOf: (row: T) => string | undefined): vscode.TreeDragAndDropController<T> {
  return {
    dragMimeTypes: [targetMime],
    dropMimeTypes: [],
    handleDrag(rows, carried) {
      const target = rows.map(targetOf).find(found => found !== undefined);
      if (target !== undefined) carried.set(targetMime, new vscode.DataTransferItem(target));
    },
  };
}

/** Takes such rows in the text of a runbook's cell, and in Markdown files: the cell there gets the target. */
export function registerTargetDrop(): vscode.Disposable {
  return vscode.languages.registerDocumentDropEditProvider(
    [
      { notebookType },
      { language: 'markdown', scheme: 'file' },
      { language: 'markdown', scheme: 'untitled' },
    ],
    { provideDocumentDropEdits: dropped },
    { dropMimeTypes: [targetMime], providedDropEditKinds: [kind] },
  );
}

const kind = vscode.DocumentDropOrPasteEditKind.Empty.append('handrail', 'target');

async function dropped(
  document: vscode.TextDocument,
  position: vscode.Position,
  carried: vscode.DataTransfer,
): Promise<vscode.DocumentDropEdit | undefined> {
  const target = await carried.get(targetMime)?.asString();
  if (target === undefined || target === '') return undefined;
  const cell = cellOf(document);
  const change =
    cell === undefined ? editOfText(document, position, target) : editOfCells(cell.notebook, [cell], target);
  // Nothing at the pointer itself: what is said of a cell stands in its info line.
  const edit = new vscode.DocumentDropEdit('', `Run this cell on ${target}`, kind);
  if (change === undefined) return cell === undefined ? undefined : edit;
  edit.additionalEdit = change;
  return edit;
}

function cellOf(document: vscode.TextDocument): vscode.NotebookCell | undefined {
  return vscode.workspace.notebookDocuments
    .filter(({ notebookType: type }) => type === notebookType)
    .flatMap(notebook => notebook.getCells())
    .find(cell => cell.document === document);
}
