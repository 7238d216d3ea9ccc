import * as vscode from 'vscode';
import { adoptMetadata, type NotebookCell } from '../../agent/runbook/notebook';
import { notebookType } from '../commands/names';
import type { Log } from '../log';
import { fromOpenCell } from './cells';

/** Removed cells and earlier texts that a new cell may come from; a person pastes what was cut lately. */
const mostRemembered = 100;

/**
 * Gives cells back what VS Code drops: a cell that was pasted, copied or split off comes without metadata, and so
 * without its attributes. They are taken from the cell that had the same text, in whichever open runbook.
 */
export class MetadataKeeper implements vscode.Disposable {
  readonly #log: Log;
  readonly #known = new Map<vscode.NotebookCell, NotebookCell>();
  readonly #subscriptions: vscode.Disposable[];
  #former: NotebookCell[] = [];

  constructor(log: Log) {
    this.#log = log;
    this.#subscriptions = [
      vscode.workspace.onDidOpenNotebookDocument(notebook => this.#learn(notebook)),
      vscode.workspace.onDidCloseNotebookDocument(notebook => this.#forget(notebook.getCells())),
      vscode.workspace.onDidChangeNotebookDocument(event => void this.#changed(event)),
    ];
    for (const notebook of vscode.workspace.notebookDocuments) this.#learn(notebook);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #learn(notebook: vscode.NotebookDocument): void {
    if (notebook.notebookType !== notebookType) return;
    for (const cell of notebook.getCells()) this.#known.set(cell, fromOpenCell(cell));
  }

  async #changed({
    notebook,
    contentChanges,
    cellChanges,
  }: vscode.NotebookDocumentChangeEvent): Promise<void> {
    if (notebook.notebookType !== notebookType) return;
    for (const { cell, document, metadata } of cellChanges) {
      if (document === undefined && metadata === undefined) continue;
      this.#remember([cell]);
      this.#known.set(cell, fromOpenCell(cell));
    }
    const added = contentChanges.flatMap(change => change.addedCells);
    const edits = added.flatMap(cell => this.#adopt(cell, notebook));
    this.#forget(contentChanges.flatMap(change => change.removedCells));
    for (const cell of added) this.#known.set(cell, fromOpenCell(cell));
    if (edits.length > 0) await this.#apply(notebook, edits);
  }

  #adopt(cell: vscode.NotebookCell, notebook: vscode.NotebookDocument): vscode.NotebookEdit[] {
    const bare = fromOpenCell(cell);
    if (bare.kind !== 'code' || bare.text.trim() === '' || Object.keys(cell.metadata).length > 0) return [];
    // Cells that are there may have changed since: only what was known of them tells where the new one comes from.
    const donors = [...this.#former.toReversed(), ...this.#known.values()].filter(isDonor);
    const others = notebook
      .getCells()
      .filter(other => other !== cell)
      .map(fromOpenCell);
    const { metadata } = adoptMetadata(bare, donors, others);
    return metadata === undefined || Object.keys(metadata).length === 0
      ? []
      : [vscode.NotebookEdit.updateCellMetadata(cell.index, metadata)];
  }

  async #apply(notebook: vscode.NotebookDocument, edits: vscode.NotebookEdit[]): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, edits);
    if (await vscode.workspace.applyEdit(edit)) return;
    this.#log.warn('a new cell could not be given its attributes', { file: notebook.uri.fsPath });
  }

  #forget(cells: readonly vscode.NotebookCell[]): void {
    this.#remember(cells);
    for (const cell of cells) this.#known.delete(cell);
  }

  #remember(cells: readonly vscode.NotebookCell[]): void {
    const former = cells.flatMap(cell => this.#known.get(cell) ?? []).filter(isDonor);
    this.#former = [...this.#former, ...former].slice(-mostRemembered);
  }
}

/** Whether a cell has anything to give: one that was bare itself would hide those that have. */
function isDonor({ kind, metadata }: NotebookCell): boolean {
  return kind === 'code' && metadata !== undefined && Object.keys(metadata).length > 0;
}
