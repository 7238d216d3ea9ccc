import * as vscode from 'vscode';

/** Brings a cell that failed into view wherever its notebook is shown; what has the focus keeps it. */
export function revealFailed(cell: vscode.NotebookCell): void {
  for (const editor of vscode.window.visibleNotebookEditors) {
    if (editor.notebook !== cell.notebook) continue;
    const range = new vscode.NotebookRange(cell.index, cell.index + 1);
    editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
  }
}
