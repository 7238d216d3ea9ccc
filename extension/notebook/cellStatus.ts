import * as vscode from 'vscode';
import type { StepRecord } from '../../agent/protocol/runs';
import { cellOptions } from '../../agent/runbook/cellOptions';
import { durationText } from '../../agent/runbook/duration';
import { commands, notebookType } from '../commands/names';
import type { Cell, Runbook } from '../../agent/runbook/model';
import { leftOut } from '../../agent/runbook/wholeFile';
import {
  actionLabel,
  cellLabel,
  outputsLabel,
  resultLabel,
  type StatusLabel,
  type StepAction,
} from './cellLabels';
import { isEdited } from './isEdited';
import { leftUndone, type ShownStep, undoLabel } from './leftUndone';
import { iconless } from '../iconless';
import { fromOpenCell } from './cells';
import type { OpenNotebooks } from './openNotebooks';
import { lastNotebookText, refreshNotebookText, type NotebookText } from './notebookText';
import { restingLabel } from './restingCell';

/** How long nothing may be typed before the labels are made anew: names depend on headings and on all other cells. */
const pauseMs = 300;

/** The words in a cell's status bar: what it is and where it runs, and how its last step went. */
export class CellStatus implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  readonly #notebooks: OpenNotebooks;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  /** Of notebooks that were edited since their labels were made. */
  readonly #pauses = new Map<vscode.NotebookDocument, NodeJS.Timeout>();

  readonly onDidChangeCellStatusBarItems = this.#changed.event;

  constructor(notebooks: OpenNotebooks) {
    this.#notebooks = notebooks;
    this.#subscriptions = [
      notebooks.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidChangeNotebookDocument(event => this.#edited(event)),
      vscode.workspace.onDidCloseNotebookDocument(notebook => this.#forget(notebook)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()),
    ];
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    if (cell.kind !== vscode.NotebookCellKind.Code) return [];
    // VS Code asks for the edited cell at each key.
    const view = lastNotebookText(cell.notebook);
    const runs = view?.cellOf(cell);
    if (view === undefined) return [];
    if (runs === undefined) return [item(restingLabel(fromOpenCell(cell)))];
    const { options } = cellOptions(runs, view.runbook.frontMatter);
    const label = cellLabel({
      name: runs.name,
      target: options.target,
      ...(options.timeout === undefined ? {} : { timeout: durationText(options.timeout) }),
      confirm: options.confirm !== undefined,
      ...leftOutOf(cell, view, runs, options.exclude),
    });
    const shown = this.#notebooks.of(cell.notebook)?.stepOf(cell);
    const step = shown?.step;
    const result =
      step === undefined
        ? undefined
        : resultLabel(
            movedTo(runs.line, step),
            isEdited(step, runs),
            cell.outputs.length > 0,
            Date.now(),
            options.target,
          );
    return [
      item(label),
      ...(step === undefined ? [] : stepItems(step, cell)),
      ...(result === undefined ? [] : [resultItem(result, cell)]),
      ...(shown === undefined ? [] : this.#undoItems(shown, cell, view)),
      ...(vscode.workspace.isTrusted ? [] : [restrictedItem()]),
    ];
  }

  /** Where a run has ended before its time: the way back. */
  #undoItems(
    shown: ShownStep,
    cell: vscode.NotebookCell,
    view: NotebookText,
  ): vscode.NotebookCellStatusBarItem[] {
    const runs = this.#notebooks.of(cell.notebook);
    if (runs === undefined || runs.goesOn(shown.run)) return [];
    const label = undoLabel(leftUndone(shown, view, other => runs.stepOf(other)));
    if (label === undefined) return [];
    const made = item(label);
    made.priority = -1;
    made.command = { command: commands.rollBackRun, title: label.tooltip, arguments: [cell] };
    return [made];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const notebook of this.#pauses.keys()) this.#forget(notebook);
    this.#changed.dispose();
  }

  #edited({ notebook, contentChanges, cellChanges }: vscode.NotebookDocumentChangeEvent): void {
    if (notebook.notebookType !== notebookType) return;
    const edited = cellChanges.some(
      ({ document, metadata }) => document !== undefined || metadata !== undefined,
    );
    if (contentChanges.length === 0 && !edited) return;
    this.#forget(notebook);
    this.#pauses.set(
      notebook,
      setTimeout(() => {
        this.#forget(notebook);
        refreshNotebookText(notebook);
        this.#changed.fire();
      }, pauseMs),
    );
  }

  #forget(notebook: vscode.NotebookDocument): void {
    clearTimeout(this.#pauses.get(notebook));
    this.#pauses.delete(notebook);
  }
}

/** Why Run All leaves the cell out, if it does. */
function leftOutOf(
  { notebook }: vscode.NotebookCell,
  { runbook }: NotebookText,
  cell: Cell,
  excluded: boolean,
): { leftOut?: string } {
  if (excluded) return { leftOut: 'it has the attribute exclude; take it away to have it run' };
  const why = reasons(runbook, notebook.uri.fsPath).get(cell.index);
  return why === undefined ? {} : { leftOut: why };
}

const known = new WeakMap<Runbook, ReadonlyMap<number, string>>();

/** Read once for all cells of a notebook. */
function reasons(runbook: Runbook, file: string): ReadonlyMap<number, string> {
  const whys =
    known.get(runbook) ?? new Map(leftOut(runbook, file).map(({ cell, why }) => [cell.index, why]));
  known.set(runbook, whys);
  return whys;
}

/** What the step waits for, leaves running and has set. */
function stepItems(step: StepRecord, cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
  const action = actionLabel(step);
  const outputs = outputsLabel(step);
  return [
    ...(action === undefined ? [] : [actionItem(action, cell)]),
    ...(outputs === undefined ? [] : [item(outputs)]),
  ];
}

function actionItem(
  label: StatusLabel & { readonly action: StepAction },
  cell: vscode.NotebookCell,
): vscode.NotebookCellStatusBarItem {
  const made = item(label);
  const command = label.action === 'answer' ? commands.answerStep : commands.stopStep;
  made.command = { command, title: label.tooltip, arguments: [cell] };
  return made;
}

/** The step as if it had run where its cell stands now. */
function movedTo(line: number, step: StepRecord): StepRecord {
  return step.failedLine === undefined ? step : { ...step, failedLine: step.failedLine - step.line + line };
}

function item(label: StatusLabel): vscode.NotebookCellStatusBarItem {
  const icon = label.icon === undefined ? '' : `$(${label.icon}) `;
  const text = `${icon}${iconless(label.text)}`;
  const made = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
  made.tooltip = label.tooltip;
  made.accessibilityInformation = { label: label.tooltip };
  return made;
}

function resultItem(label: StatusLabel, cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem {
  const made = item(label);
  made.priority = -1;
  if (label.line !== undefined) {
    made.command = {
      command: commands.goToLine,
      title: 'Go to the line',
      arguments: [cell.notebook.uri, label.line],
    };
  }
  return made;
}

function restrictedItem(): vscode.NotebookCellStatusBarItem {
  const made = item({
    icon: 'workspace-untrusted',
    text: 'does not run in Restricted Mode',
    tooltip: 'This workspace is not trusted: its cells can be read and do not run. Click to manage trust.',
  });
  made.priority = -2;
  made.command = 'workbench.trust.manage';
  return made;
}
