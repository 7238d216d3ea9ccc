import * as vscode from 'vscode';
import type { RunRecord, StepRecord } from '../../agent/protocol/runs';
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

  async runCell({ uri, index }: CellPlace): Promise<void> {
    const editor = await openAsRunbook(uri);
    const cell = notebookText(editor.notebook).cellAt(index);
    if (cell === undefined) throw new Error('The cell is not in the file any more.');
    revealCell(editor, cell);
    await this.run(editor.notebook, [cell]);
  }

  async runAll(uri: vscode.Uri): Promise<void> {
    const editor = await openAsRunbook(uri);
    await this.run(editor.notebook, 'all');
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

function cellsOf(notebook: vscode.NotebookDocument, steps: readonly StepRecord[]): vscode.NotebookCell[] {
  const view = notebookText(notebook);
  const matches = matchSteps(
    steps.map(step => step.key),
    view.runbook,
  );
  return [...matches.keys()].sort((a, b) => a - b).flatMap(index => view.cellAt(index) ?? []);
}
