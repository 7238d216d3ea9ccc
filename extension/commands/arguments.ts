import * as vscode from 'vscode';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { cellAtLine } from '../notebook/codeLens';
import type { OpenNotebooks } from '../notebook/openNotebooks';
import type { StepPlace } from './stepCommands';

/** A cell of a file, by its place among the file's cells. */
export interface CellPlace {
  readonly uri: vscode.Uri;
  readonly index: number;
}

/** The file that a menu, a tree row or the active editor means. */
export function uriOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (hasUri(argument)) return argument.uri;
  if (isNotebookToolbar(argument)) return argument.notebookEditor.notebookUri;
  return vscode.window.activeNotebookEditor?.notebook.uri ?? vscode.window.activeTextEditor?.document.uri;
}

/** The cell that a lens (file and index), a tree row or the cursor in a text editor means. */
export function targetOf(first: unknown, second: unknown): CellPlace {
  if (first instanceof vscode.Uri && typeof second === 'number') return { uri: first, index: second };
  if (hasUri(first) && 'cell' in first && hasIndex(first.cell))
    return { uri: first.uri, index: first.cell.index };
  const editor = vscode.window.activeTextEditor;
  const cell =
    editor && cellAtLine(parseRunbook(editor.document.getText()), editor.selection.active.line + 1);
  if (editor === undefined || cell === undefined)
    throw new Error('Put the cursor into a cell: a fenced block that can run.');
  return { uri: editor.document.uri, index: cell.index };
}

/** The step that a tree row, a cell's menu or the selected cell means. */
export function placeOf(argument: unknown, notebooks: OpenNotebooks): StepPlace {
  if (isStepNode(argument)) return { run: argument.run, step: argument.index };
  const cell = isNotebookCell(argument) ? argument : selectedCell();
  const shown = cell && notebooks.of(cell.notebook)?.stepOf(cell);
  if (shown === undefined) throw new Error('This cell has no output yet.');
  return { run: shown.run, step: shown.step.index };
}

function selectedCell(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  return editor?.notebook.cellAt(editor.selection.start);
}

function hasUri(value: unknown): value is { uri: vscode.Uri } {
  return typeof value === 'object' && value !== null && 'uri' in value && value.uri instanceof vscode.Uri;
}

function hasIndex(value: unknown): value is { index: number } {
  return typeof value === 'object' && value !== null && 'index' in value && typeof value.index === 'number';
}

function isNotebookToolbar(value: unknown): value is { notebookEditor: { notebookUri: vscode.Uri } } {
  if (typeof value !== 'object' || value === null || !('notebookEditor' in value)) return false;
  const { notebookEditor } = value;
  return (
    typeof notebookEditor === 'object' &&
    notebookEditor !== null &&
    'notebookUri' in notebookEditor &&
    notebookEditor.notebookUri instanceof vscode.Uri
  );
}

function isStepNode(value: unknown): value is { run: string; index: number } {
  return hasIndex(value) && 'run' in value && typeof value.run === 'string';
}

function isNotebookCell(value: unknown): value is vscode.NotebookCell {
  return hasIndex(value) && 'notebook' in value && 'document' in value;
}
