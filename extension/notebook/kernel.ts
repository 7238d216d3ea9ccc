import * as vscode from 'vscode';
import { controllerId, extensionId, notebookType } from '../commands/names';
import type { Log } from '../log';

/**
 * Chooses Handrail as the kernel of its notebooks, so that nobody is ever asked: VS Code only takes executions for a
 * notebook whose kernel was chosen, and only lets it be chosen in an editor that is shown.
 */
export class Kernel implements vscode.Disposable {
  readonly #controller: vscode.NotebookController;
  readonly #log: Log;
  readonly #chosen = new WeakSet<vscode.NotebookDocument>();
  readonly #choosing = new WeakMap<vscode.NotebookDocument, Promise<boolean>>();
  readonly #chosenNow = new vscode.EventEmitter<vscode.NotebookDocument>();
  readonly #subscriptions: vscode.Disposable[];

  /** Fires when a notebook has become ours to run. */
  readonly onDidChoose = this.#chosenNow.event;

  constructor(controller: vscode.NotebookController, log: Log) {
    this.#controller = controller;
    this.#log = log;
    this.#subscriptions = [
      controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => this.#note(notebook, selected)),
      vscode.window.onDidChangeVisibleNotebookEditors(() => this.chooseShown()),
    ];
  }

  /** Chooses for every notebook of ours that is shown. */
  chooseShown(): void {
    for (const { notebook } of vscode.window.visibleNotebookEditors) void this.choose(notebook);
  }

  /** Whether the notebook is ours to run; makes it so where it is shown. Never rejects. */
  async choose(notebook: vscode.NotebookDocument): Promise<boolean> {
    if (notebook.notebookType !== notebookType) return false;
    if (this.#chosen.has(notebook)) return true;
    const choosing = this.#choosing.get(notebook) ?? this.#select(notebook);
    this.#choosing.set(notebook, choosing);
    const chosen = await choosing;
    this.#choosing.delete(notebook);
    return chosen;
  }

  /** An execution for a cell of a notebook that is ours. Throws where the cell has one already. */
  createExecution(cell: vscode.NotebookCell): vscode.NotebookCellExecution {
    return this.#controller.createNotebookCellExecution(cell);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#chosenNow.dispose();
  }

  async #select(notebook: vscode.NotebookDocument): Promise<boolean> {
    const editor = vscode.window.visibleNotebookEditors.find(shown => shown.notebook === notebook);
    if (editor === undefined) return false;
    try {
      await vscode.commands.executeCommand('notebook.selectKernel', {
        notebookEditor: editor,
        id: controllerId,
        extension: extensionId,
      });
    } catch (error) {
      this.#log.error('the kernel cannot be chosen', error);
    }
    // However long that took: only now the word of it may be late.
    return this.#told(notebook);
  }

  /** Settles when VS Code has told that the notebook is ours, at the latest after a second. */
  #told(notebook: vscode.NotebookDocument): Promise<boolean> {
    if (this.#chosen.has(notebook)) return Promise.resolve(true);
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer);
        subscription.dispose();
        resolve(this.#chosen.has(notebook));
      };
      const timer = setTimeout(done, 1000);
      const subscription = this.onDidChoose(chosen => {
        if (chosen === notebook) done();
      });
    });
  }

  #note(notebook: vscode.NotebookDocument, selected: boolean): void {
    if (!selected) {
      this.#chosen.delete(notebook);
    } else if (!this.#chosen.has(notebook)) {
      this.#chosen.add(notebook);
      this.#chosenNow.fire(notebook);
    }
  }
}
