import * as vscode from 'vscode';
import type { RunSummary } from '../../agent/protocol/runs';
import { settings } from '../commands/names';
import { cellToFollow, stillFollows, type Moved } from './following';

/**
 * Keeps the cell that goes on in a run in view wherever its notebook is shown, until the person scrolls away from it;
 * what has the focus keeps it.
 */
export class RunFollower {
  readonly #notebook: vscode.NotebookDocument;
  #run: string | undefined;
  /** What was gone to last. */
  #last: { readonly cell: vscode.NotebookCell; readonly at: number } | undefined;

  constructor(notebook: vscode.NotebookDocument) {
    this.#notebook = notebook;
  }

  /** Cells of a run have changed. Of a run of one cell only its failure is shown: the person has just started it. */
  follow(run: RunSummary, moved: readonly Moved<vscode.NotebookCell>[]): void {
    if (this.#run !== run.id) this.#last = undefined;
    this.#run = run.id;
    const seen = run.only === undefined ? moved : moved.filter(({ step }) => step.state === 'failed');
    const cell = cellToFollow(seen);
    if (cell === undefined || !this.#isWanted()) return;
    const now = Date.now();
    const last = this.#last && { index: this.#last.cell.index, at: this.#last.at };
    this.#last = { cell, at: now };
    for (const editor of vscode.window.visibleNotebookEditors) {
      if (editor.notebook !== this.#notebook || !stillFollows(editor.visibleRanges, last, now)) continue;
      const range = new vscode.NotebookRange(cell.index, cell.index + 1);
      editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
      // One whose edge is in view counts as inside.
      editor.revealRange(range, vscode.NotebookEditorRevealType.Default);
    }
  }

  #isWanted(): boolean {
    const configuration = vscode.workspace.getConfiguration(undefined, this.#notebook.uri);
    return configuration.get<boolean>(settings.followRun, true);
  }
}
