import { join } from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from './waitFor';

/** Path of a file in the workspace's folder. */
export function inWorkspace(name: string): string {
  return join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, name);
}

/** Opens a file of the workspace as a runbook and gives its notebook once it is shown. */
export async function openRunbook(name: string): Promise<vscode.NotebookDocument> {
  const uri = vscode.Uri.file(inWorkspace(name));
  await vscode.commands.executeCommand('vscode.openWith', uri, 'handrail-runbook');
  return waitFor(`${name} shown as a notebook`, () => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    return notebook?.uri.fsPath === uri.fsPath ? notebook : undefined;
  });
}

/** The cell with this text in it. */
export function cellWith(notebook: vscode.NotebookDocument, text: string): vscode.NotebookCell {
  const found = notebook
    .getCells()
    .find(cell => cell.kind === vscode.NotebookCellKind.Code && cell.document.getText().includes(text));
  if (!found) throw new Error(`No cell of ${notebook.uri.fsPath} has "${text}" in it.`);
  return found;
}

/** Runs a cell as its play button does; returns at once. */
export async function run(cell: vscode.NotebookCell): Promise<void> {
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: cell.index, end: cell.index + 1 }],
    document: cell.notebook.uri,
  });
}

/** Stops a cell as its stop button does. */
export async function stop(cell: vscode.NotebookCell): Promise<void> {
  await vscode.commands.executeCommand('notebook.cell.cancelExecution', {
    ranges: [{ start: cell.index, end: cell.index + 1 }],
    document: cell.notebook.uri,
  });
}

/** Waits until the cell has ended; gives whether it passed. */
export async function ended(cell: vscode.NotebookCell, deadline?: number): Promise<boolean> {
  const result = await waitFor(
    `the end of cell ${cell.index}`,
    () => {
      const success = cell.executionSummary?.success;
      return success === undefined ? undefined : { success };
    },
    deadline,
  );
  return result.success;
}

/** What copy, export and screen readers get: the cell's `text/plain`; undefined while it runs. */
export function plainText(cell: vscode.NotebookCell): string | undefined {
  const items = cell.outputs.flatMap(output => output.items);
  const plain = items.find(item => item.mime === 'text/plain');
  return plain && new TextDecoder().decode(plain.data);
}
