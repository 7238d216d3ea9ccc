import * as vscode from 'vscode';
import type { RunChange, RunFeed } from '../agent/runFeed';
import { notebookType } from '../commands/names';
import { NotebookRuns, type NotebookRunsPorts } from './notebookRuns';

/**
 * The open notebooks of the window, each with what its cells show. Everything that can take an output away or bring a
 * new one (opening, reload, a change of the file from outside, undo, the agent's return) ends in attaching again.
 */
export class OpenNotebooks implements vscode.Disposable {
  readonly #ports: NotebookRunsPorts;
  readonly #runs = new Map<vscode.NotebookDocument, NotebookRuns>();
  readonly #changed = new vscode.EventEmitter<NotebookRuns>();
  readonly #subscriptions: vscode.Disposable[];

  /** Fires when the cells of a notebook may show another step. */
  readonly onDidChange = this.#changed.event;

  constructor(ports: NotebookRunsPorts & { readonly feed: RunFeed }) {
    this.#ports = ports;
    this.#subscriptions = [
      vscode.workspace.onDidOpenNotebookDocument(notebook => this.#opened(notebook)),
      vscode.workspace.onDidCloseNotebookDocument(notebook => this.#closed(notebook)),
      vscode.workspace.onDidChangeNotebookDocument(event => this.#edited(event)),
      ports.kernel.onDidChoose(notebook => this.of(notebook)?.attachSoon()),
      ports.feed.onDidChange(changes => this.#take(changes)),
      ports.agent.onDidConnect(() => this.#each(runs => runs.attachSoon())),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#each(runs => runs.attachSoon())),
      ports.agent.onDidLose(reason => this.#each(runs => runs.lose(lostText(reason)))),
    ];
    for (const notebook of vscode.workspace.notebookDocuments) this.#opened(notebook);
  }

  /** What the cells of a notebook show; undefined where it is not a runbook of ours. */
  of(notebook: vscode.NotebookDocument): NotebookRuns | undefined {
    return this.#runs.get(notebook);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#each(runs => runs.dispose());
    this.#runs.clear();
    this.#changed.dispose();
  }

  #opened(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType !== notebookType || this.#runs.has(notebook)) return;
    const runs = new NotebookRuns(notebook, this.#ports);
    runs.onDidChange(() => this.#changed.fire(runs));
    this.#runs.set(notebook, runs);
    void this.#ports.kernel.choose(notebook);
  }

  #closed(notebook: vscode.NotebookDocument): void {
    this.#runs.get(notebook)?.dispose();
    this.#runs.delete(notebook);
  }

  #edited({ notebook, contentChanges, cellChanges }: vscode.NotebookDocumentChangeEvent): void {
    const runs = this.#runs.get(notebook);
    if (runs === undefined) return;
    // A change of the file on disk takes every cell's output and gives every cell new metadata.
    if (contentChanges.length > 0 || cellChanges.some(change => change.metadata !== undefined))
      runs.attachSoon();
    else for (const { cell, outputs } of cellChanges) if (outputs?.length === 0) runs.clear(cell);
  }

  #take(changes: readonly RunChange[]): void {
    for (const change of changes) {
      this.#each(runs => {
        if (runs.notebook.uri.fsPath === change.run.file) runs.take(change);
      });
    }
  }

  #each(action: (runs: NotebookRuns) => void): void {
    for (const runs of this.#runs.values()) action(runs);
  }
}

function lostText(reason: string): string {
  return `The agent stopped while this cell was running (${reason}). Handrail starts it again; if it does not come back, use Restart Agent, or Show Agent Log to see why.`;
}
