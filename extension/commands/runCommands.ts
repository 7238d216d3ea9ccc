import * as vscode from 'vscode';
import type { RunRecord, StepRecord } from '../../agent/protocol/runs';
import type { CellKey } from '../../agent/runbook/cellKey';
import { matchSteps } from '../../agent/runbook/matchSteps';
import { notebookText } from '../notebook/notebookText';
import type { OpenNotebooks } from '../notebook/openNotebooks';
import { runCells, type RunCellsPorts, type WantedCells } from '../notebook/runCells';
import type { CellPlace } from './arguments';
import { openAsRunbook, revealCell } from './openEditors';

/** Running from outside a notebook: it is opened, so that the output has a place, and run there. */
export class RunCommands {
  readonly #notebooks: OpenNotebooks;
  readonly #ports: RunCellsPorts;

  constructor(notebooks: OpenNotebooks, ports: RunCellsPorts) {
    this.#notebooks = notebooks;
    this.#ports = ports;
  }

  /** Runs cells of an open notebook. */
  async run(notebook: vscode.NotebookDocument, wanted: WantedCells): Promise<void> {
    const runs = this.#notebooks.of(notebook);
    if (runs !== undefined) await runCells(runs, wanted, this.#ports);
  }

  /** @throws Error where the cell is not in the notebook as it was seen: another one is not run in its place. */
  async runCell({ uri, key }: CellPlace): Promise<void> {
    const editor = await openAsRunbook(uri);
    const cell = cellOf(editor.notebook, key);
    if (cell === undefined) throw new Error(notThere(editor.notebook, key));
    revealCell(editor, cell);
    await this.run(editor.notebook, [cell]);
  }

  async runAll(uri: vscode.Uri): Promise<void> {
    const editor = await openAsRunbook(uri);
    await this.run(editor.notebook, { allBut: new Set() });
  }

  /** Runs the cells again that a run had, as they are now. */
  async runAgain(run: RunRecord): Promise<void> {
    const editor = await openAsRunbook(vscode.Uri.file(run.file));
    const cells = cellsOf(editor.notebook, run.steps);
    if (cells.length === 0) throw new Error('None of the cells that ran are in the file any more.');
    await this.run(editor.notebook, cells);
  }

  /** Runs one cell of an open notebook again. */
  async runStep(notebook: vscode.NotebookDocument, step: StepRecord): Promise<void> {
    await this.run(notebook, cellsOf(notebook, [step]));
  }

  /** Opens the runbook at the cell that a step ran. */
  async showStep(uri: vscode.Uri, step: StepRecord): Promise<void> {
    const editor = await openAsRunbook(uri);
    const cell = cellsOf(editor.notebook, [step])[0];
    if (cell !== undefined) revealCell(editor, cell);
  }
}

/** The very cell: by its name, else by its text. A cell that was only edited may do something else now. */
function cellOf(notebook: vscode.NotebookDocument, key: CellKey): vscode.NotebookCell | undefined {
  const view = notebookText(notebook);
  const [match] = matchSteps([key], view.runbook);
  if (match === undefined) return undefined;
  const [index, { edited }] = match;
  const named = key.name !== undefined && view.runbook.cells[index]?.name === key.name;
  return edited && !named ? undefined : view.cellAt(index);
}

function notThere({ uri, isDirty }: vscode.NotebookDocument, { name }: CellKey): string {
  const cell = name === undefined ? 'This cell' : `The cell ${name}`;
  const path = vscode.workspace.asRelativePath(uri);
  return isDirty
    ? `${cell} is another one in ${path} as it is open now, with unsaved changes. Nothing was run: run it there.`
    : `${cell} is not in ${path} any more. Nothing was run.`;
}

function cellsOf(notebook: vscode.NotebookDocument, steps: readonly StepRecord[]): vscode.NotebookCell[] {
  const view = notebookText(notebook);
  const matches = matchSteps(
    steps.map(step => step.key),
    view.runbook,
  );
  return [...matches.keys()].sort((a, b) => a - b).flatMap(index => view.cellAt(index) ?? []);
}
