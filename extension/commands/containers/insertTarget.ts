import * as vscode from 'vscode';
import { setAttribute } from '../../../agent/runbook/cellMetadata';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { writeAttribute } from '../../../agent/runbook/writeAttribute';
import { fromOpenCell } from '../../notebook/cells';
import { notebookType } from '../names';

/**
 * Has the chosen cells of the notebook in front, or the cell at the cursor of a Markdown file, run on a target. Throws
 * an Error that says where to go first.
 */
export async function insertTarget(target: string): Promise<void> {
  const notebook = vscode.window.activeNotebookEditor;
  const text = vscode.window.activeTextEditor;
  const edit =
    notebook?.notebook.notebookType === notebookType
      ? editOfCells(notebook.notebook, cellsAt(notebook), target)
      : text && editOfText(text.document, text.selection.active, target);
  if (edit === undefined)
    throw new Error(
      'Choose a cell of a runbook first, or put the cursor into a code block of a Markdown file.',
    );
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new Error('The cell could not be changed: it may have changed meanwhile. Try again.');
}

function cellsAt({ notebook, selections }: vscode.NotebookEditor): vscode.NotebookCell[] {
  return selections.flatMap(range => notebook.getCells(range));
}

/** Has code cells of a notebook run on a target; undefined where none is changed by that. */
export function editOfCells(
  notebook: vscode.NotebookDocument,
  cells: readonly vscode.NotebookCell[],
  target: string,
): vscode.WorkspaceEdit | undefined {
  const changed = cells.flatMap(cell => {
    const before = fromOpenCell(cell);
    const { metadata = {} } = setAttribute(before, 'target', target);
    return metadata === before.metadata || before.kind !== 'code'
      ? []
      : vscode.NotebookEdit.updateCellMetadata(cell.index, metadata);
  });
  if (changed.length === 0) return undefined;
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, changed);
  return edit;
}

/** Has the cell at a place in a Markdown file run on a target; undefined where there is none. */
export function editOfText(
  document: vscode.TextDocument,
  { line }: vscode.Position,
  target: string,
): vscode.WorkspaceEdit | undefined {
  if (document.languageId !== 'markdown') return undefined;
  const source = document.getText();
  const { cells } = parseRunbook(source);
  const cell = cells.findLast(each => each.line <= line + 1);
  const end = cell && document.positionAt(cell.span.end).line;
  if (cell === undefined || end === undefined || line > end) return undefined;
  const written = writeAttribute(source, cell, 'target', target);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, ...difference(document, source, written));
  return edit;
}

/** The one place where two texts differ, so that the rest of the document, and what is folded there, stays. */
function difference(document: vscode.TextDocument, before: string, after: string): [vscode.Range, string] {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(before.length - end));
  return [range, after.slice(start, after.length - end)];
}
