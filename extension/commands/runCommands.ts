import * as vscode from 'vscode';
import type { RunRecord, RunSummary, StepRecord } from '../../agent/protocol/runs';
import type { CellKey } from '../../agent/runbook/cellKey';
import { matchSteps } from '../../agent/runbook/matchSteps';
import { runbookName } from '../../agent/runbook/runbookName';
import type { Log } from '../log';
import { notebookText } from '../notebook/notebookText';
import type { OpenNotebooks } from '../notebook/openNotebooks';
import {
  continueRun,
  runCells,
  type CellsCall,
  type RunCellsPorts,
  type WantedCells,
} from '../notebook/runCells';
import { remember } from '../notebook/startAsked';
import type { CellPlace } from './arguments';
import { openAsRunbook, openNotebook, revealCell } from './openEditors';
import { Prerequisites } from './prerequisites';
import { planOf } from './showPlan';
import { unlinked } from '../unlinked';

/** Running from outside a notebook: it is opened, so that the output has a place, and run there. */
export class RunCommands {
  readonly #notebooks: OpenNotebooks;
  readonly #ports: RunCellsPorts;
  readonly #prerequisites: Prerequisites;

  constructor(notebooks: OpenNotebooks, ports: RunCellsPorts & { readonly log: Log }) {
    this.#notebooks = notebooks;
    this.#ports = ports;
    this.#prerequisites = new Prerequisites(ports, uri => this.runAll(uri));
  }

  /** Runs cells of an open notebook; before all of them, what the runbook is meant to be run after is offered. */
  async run(
    notebook: vscode.NotebookDocument,
    wanted: WantedCells,
    call: CellsCall = {},
  ): Promise<RunRecord | undefined> {
    const runs = this.#notebooks.of(notebook);
    if (runs === undefined) return undefined;
    if ('allBut' in wanted && !(await this.#prerequisites.first(runs))) return undefined;
    return runCells(runs, wanted, this.#ports, call);
  }

  /** @throws Error where the cell is not in the notebook as it was seen: another one is not run in its place. */
  async runCell({ uri, key }: CellPlace, call: CellsCall = {}): Promise<void> {
    const editor = await openAsRunbook(uri);
    const cell = cellOf(editor.notebook, key);
    if (cell === undefined) throw new Error(notThere(editor.notebook, key));
    revealCell(editor, cell);
    await this.run(editor.notebook, [cell], call);
  }

  async runAll(uri: vscode.Uri): Promise<RunRecord | undefined> {
    const editor = await openAsRunbook(uri);
    return this.run(editor.notebook, { allBut: new Set() });
  }

  /** Runs all after asking for every input, those with a value too. */
  async runWithInputs(uri: vscode.Uri): Promise<void> {
    const { notebook } = await openAsRunbook(uri);
    const runs = this.#notebooks.of(notebook);
    if (runs === undefined) return;
    const { inputs } = await planOf(this.#ports.agent, uri, this.inputsOf(notebook.uri));
    if (inputs.length === 0) throw new Error('This runbook has no inputs.');
    const offered = inputs.map(input =>
      input.value === undefined || input.type === 'secret' ? input : { ...input, last: input.value },
    );
    const { ask, turns } = this.#ports;
    const answers = await turns.take(() => ask(offered, runbookName(uri.fsPath), runs.closed));
    if (answers === undefined) return;
    remember(runs.inputs, inputs, answers);
    const given = inputs.map(({ name }, at) => [name, answers[at] ?? ''] as const);
    const inputsGiven = Object.fromEntries(given.filter(([, value]) => value !== ''));
    await this.run(notebook, { allBut: new Set() }, { inputs: inputsGiven });
  }

  /** What was answered for the inputs of an open notebook. */
  inputsOf(uri: vscode.Uri): Record<string, string> {
    const notebook = openNotebook(uri);
    return Object.fromEntries((notebook && this.#notebooks.of(notebook)?.inputs) ?? []);
  }

  /** The session starts anew, and so do the answers. */
  forgetInputs(uri: vscode.Uri): void {
    const notebook = openNotebook(uri);
    if (notebook !== undefined) this.#notebooks.of(notebook)?.inputs.clear();
  }

  /** Goes on from an earlier run, in its notebook. */
  async goOn(run: Pick<RunSummary, 'id' | 'file'>, how: 'resume' | 'rerun' | 'rollback'): Promise<void> {
    const { notebook } = await openAsRunbook(vscode.Uri.file(run.file));
    const runs = this.#notebooks.of(notebook);
    if (runs !== undefined) await continueRun(runs, { run: run.id, how }, this.#ports);
  }

  /** Runs one cell of an open notebook again, where its step ran if it was told to run there. */
  async runStep(notebook: vscode.NotebookDocument, run: RunRecord, step: StepRecord): Promise<void> {
    const { target } = step;
    const isTold = run.targetWins === true && target !== undefined && target === run.target;
    await this.run(notebook, cellsOf(notebook, [step]), isTold ? { target } : {});
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
  const cell = name === undefined ? 'This cell' : `The cell ${unlinked(name)}`;
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
