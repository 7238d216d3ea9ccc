import * as vscode from 'vscode';
import { decodeSource } from '../../agent/runbook/decode';
import { notebookType } from './names';
import { notebookText } from '../notebook/notebookText';

/**
 * Opens a Markdown file as a runbook, in place of its text editor. Unsaved text is saved first, because the notebook
 * shows what is on disk.
 *
 * @throws Error with what to tell where the file is gone or the text cannot be saved.
 */
export async function openAsRunbook(uri: vscode.Uri): Promise<vscode.NotebookEditor> {
  await mustBeThere(uri);
  const text = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString());
  const typed = text?.isDirty === true;
  if (typed && openNotebook(uri)?.isDirty === true) throw new Error(changedTwice(uri));
  if (typed && !(await text.save())) throw new Error(unsaved(uri));
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  if (notebook.notebookType !== notebookType)
    throw new Error(`${name(uri)} is open as another kind of notebook.`);
  if (typed) await showsWhatWasSaved(notebook);
  const editor = await vscode.window.showNotebookDocument(notebook);
  await closeTabs(uri, tab => tab.input instanceof vscode.TabInputText);
  return editor;
}

/** Opens a runbook as text, in place of its notebook editor. Unsaved cells are saved first. */
export async function openAsText(uri: vscode.Uri): Promise<void> {
  await mustBeThere(uri);
  const notebook = openNotebook(uri);
  if (notebook?.isDirty === true && !(await notebook.save())) throw new Error(unsaved(uri));
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default');
  await closeTabs(uri, tab => tab.input instanceof vscode.TabInputNotebook);
}

/** Opens a file at a line, as what it is open as already, else as what the person has chosen for such files. */
export async function openAt(uri: vscode.Uri, line: number): Promise<void> {
  await mustBeThere(uri);
  const open = openNotebook(uri);
  if (open === undefined) {
    const at = new vscode.Position(line - 1, 0);
    await vscode.commands.executeCommand('vscode.open', uri, { selection: new vscode.Range(at, at) });
  } else {
    await vscode.window.showNotebookDocument(open);
  }
  const editor = vscode.window.activeNotebookEditor;
  if (editor?.notebook.uri.toString() === uri.toString()) revealLine(editor, line);
}

/** Puts the cursor on a line of the file, within the notebook where it is open as one. */
export async function goToLine(uri: vscode.Uri, line: number): Promise<void> {
  const notebook = openNotebook(uri);
  const found = notebook === undefined ? undefined : placeOf(notebook, line);
  if (notebook === undefined || found === undefined) return openAt(uri, line);
  const at = new vscode.Position(found.line, 0);
  await vscode.window.showNotebookDocument(notebook, { selections: [rangeOf(found.cell)] });
  await vscode.window.showTextDocument(found.cell.document, { selection: new vscode.Range(at, at) });
}

/** The notebook that a file is open as. */
export function openNotebook(uri: vscode.Uri): vscode.NotebookDocument | undefined {
  return vscode.workspace.notebookDocuments.find(
    ({ uri: its, notebookType: type }) => type === notebookType && its.toString() === uri.toString(),
  );
}

/** Shows a cell of a notebook and selects it. */
export function revealCell(editor: vscode.NotebookEditor, cell: vscode.NotebookCell): void {
  const range = rangeOf(cell);
  editor.selection = range;
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
}

function revealLine(editor: vscode.NotebookEditor, line: number): void {
  const view = notebookText(editor.notebook);
  const next = view.runbook.cells.find(cell => cell.span.end > offsetOf(view.text, line));
  const cell = next === undefined ? undefined : view.cellAt(next.index);
  if (next === undefined || cell === undefined) return;
  if (next.line <= line) return revealCell(editor, cell);
  // A heading: the text above the cell that it stands in.
  const heading =
    view.text
      .split('\n', line)
      [line - 1]?.replace(/^#+\s*/, '')
      .trim() ?? '';
  const texts = editor.notebook.getCells(new vscode.NotebookRange(0, cell.index));
  const above = texts.findLast(
    text => text.kind === vscode.NotebookCellKind.Markup && text.document.getText().includes(heading),
  );
  revealCell(editor, above ?? cell);
}

function placeOf(
  notebook: vscode.NotebookDocument,
  line: number,
): { cell: vscode.NotebookCell; line: number } | undefined {
  const view = notebookText(notebook);
  const found = view.runbook.cells.findLast(cell => cell.contentLine <= line);
  const cell = found === undefined ? undefined : view.cellAt(found.index);
  if (found === undefined || cell === undefined) return undefined;
  const within = line - found.contentLine;
  return within < cell.document.lineCount ? { cell, line: within } : undefined;
}

function rangeOf(cell: vscode.NotebookCell): vscode.NotebookRange {
  return new vscode.NotebookRange(cell.index, cell.index + 1);
}

function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf('\n', offset);
    if (next === -1) return text.length;
    offset = next + 1;
  }
  return offset;
}

async function closeTabs(uri: vscode.Uri, wanted: (tab: vscode.Tab) => boolean): Promise<void> {
  const tabs = vscode.window.tabGroups.activeTabGroup.tabs.filter(
    tab => wanted(tab) && !tab.isDirty && uriOf(tab)?.toString() === uri.toString(),
  );
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

function uriOf({ input }: vscode.Tab): vscode.Uri | undefined {
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputNotebook
    ? input.uri
    : undefined;
}

/** Milliseconds that VS Code may take to read a file again that was saved in another editor. */
const rereadDeadline = 5000;

/** A notebook that was open not long ago shows the old text until VS Code has seen the file change. */
async function showsWhatWasSaved(notebook: vscode.NotebookDocument): Promise<void> {
  const saved = decodeSource(await vscode.workspace.fs.readFile(notebook.uri));
  if (notebookText(notebook).text === saved) return;
  await new Promise<void>((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      subscription.dispose();
      settle();
    };
    const timer = setTimeout(() => done(() => reject(new Error(stale(notebook.uri)))), rereadDeadline);
    const subscription = vscode.workspace.onDidChangeNotebookDocument(({ notebook: changed }) => {
      if (changed === notebook && notebookText(notebook).text === saved) done(resolve);
    });
  });
}

/** VS Code's own words for a missing file are those of its insides. What is open with changes can still be shown. */
async function mustBeThere(uri: vscode.Uri): Promise<void> {
  if (openNotebook(uri) !== undefined) return;
  try {
    const { type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.Directory) !== 0) throw new Error(`${name(uri)} is a folder, not a file.`);
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError)) throw error;
    if (error.code !== 'FileNotFound') throw new Error(`${name(uri)} cannot be read: ${error.code}.`);
    throw new Error(gone(uri));
  }
}

function gone(uri: vscode.Uri): string {
  return `${name(uri)} is not there any more: it was deleted, moved or renamed. Its runs are kept: Open Report of a run in the Runs view shows its cells and what they printed.`;
}

function stale(uri: vscode.Uri): string {
  return `${name(uri)} does not show what was just saved. Close it and open it again.`;
}

function changedTwice(uri: vscode.Uri): string {
  return `${name(uri)} has unsaved changes both as text and as a runbook. Save or revert one of them first, so that neither is lost.`;
}

function unsaved(uri: vscode.Uri): string {
  return `${name(uri)} has changes that could not be saved. Save it first, so that nothing of them is lost.`;
}

function name(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}
