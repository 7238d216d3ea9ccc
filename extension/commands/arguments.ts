import * as vscode from 'vscode';
import { cellKeys, type CellKey } from '../../agent/runbook/cellKey';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { cellAtLine } from '../notebook/codeLens';
import type { OpenNotebooks } from '../notebook/openNotebooks';
import type { StepPlace } from './stepCommands';

/** A cell of a file, by what finds it again where the file is open with changes. */
export interface CellPlace {
  readonly uri: vscode.Uri;
  readonly key: CellKey;
}

/** The file that a menu, a tree row or the active editor means. */
export function uriOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (hasUri(argument)) return argument.uri;
  if (isNotebookCell(argument)) return argument.notebook.uri;
  if (isNotebookToolbar(argument)) return argument.notebookEditor.notebookUri;
  return vscode.window.activeNotebookEditor?.notebook.uri ?? vscode.window.activeTextEditor?.document.uri;
}

/** The notebook's cell that a cell's menu means; undefined where it is another menu. */
export function cellIn(argument: unknown): vscode.NotebookCell | undefined {
  return isNotebookCell(argument) ? argument : undefined;
}

/** The cell that a lens (file and key), a tree row or the cursor in a text editor means. */
export function targetOf(first: unknown, second: unknown): CellPlace {
  if (first instanceof vscode.Uri && isCellKey(second)) return { uri: first, key: second };
  if (isCellRow(first)) return { uri: first.uri, key: first.cell.key };
  const place = cellAtCursor();
  if (place === undefined) throw new Error('Put the cursor into a cell: a fenced block that can run.');
  return place;
}

/** The cell that the cursor in a text editor stands in. */
export function cellAtCursor(): CellPlace | undefined {
  const editor = vscode.window.activeTextEditor;
  const key = editor && keyAtCursor(editor);
  return editor && key && { uri: editor.document.uri, key };
}

/** The step that a tree row, a cell's menu or the selected cell means. */
export function placeOf(argument: unknown, notebooks: OpenNotebooks): StepPlace {
  if (isStepNode(argument)) return { run: argument.run, step: argument.index };
  if (isStepPlace(argument)) return { run: argument.run, step: argument.step };
  const cell = isNotebookCell(argument) ? argument : selectedCell();
  const shown = cell && notebooks.of(cell.notebook)?.stepOf(cell);
  if (shown === undefined) throw new Error('This cell has no output yet.');
  return { run: shown.run, step: shown.step.index };
}

function keyAtCursor({ document, selection }: vscode.TextEditor): CellKey | undefined {
  const runbook = parseRunbook(document.getText());
  const cell = cellAtLine(runbook, selection.active.line + 1);
  return cell && cellKeys(runbook)[cell.index];
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

function isCellRow(value: unknown): value is { uri: vscode.Uri; cell: { key: CellKey } } {
  if (!hasUri(value) || !('cell' in value)) return false;
  const { cell } = value;
  return typeof cell === 'object' && cell !== null && 'key' in cell && isCellKey(cell.key);
}

function isCellKey(value: unknown): value is CellKey {
  return hasIndex(value) && 'section' in value && 'hash' in value && 'ordinal' in value;
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

function isStepPlace(value: unknown): value is StepPlace {
  if (typeof value !== 'object' || value === null || !('run' in value) || !('step' in value)) return false;
  return typeof value.run === 'string' && typeof value.step === 'number';
}

function isNotebookCell(value: unknown): value is vscode.NotebookCell {
  return hasIndex(value) && 'notebook' in value && 'document' in value;
}
