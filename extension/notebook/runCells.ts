import * as vscode from 'vscode';
import { cancelRun, type RunRecord, type Selection } from '../../agent/protocol/runs';
import { HandrailError } from '../../agent/protocol/errors';
import { cellOptions } from '../../agent/runbook/cellOptions';
import { wholeFile } from '../../agent/runbook/wholeFile';
import type { AgentClient } from '../agent/agentClient';
import { errorText } from '../agent/errorText';
import type { RunFeed } from '../agent/runFeed';
import { fromOpenCell } from './cells';
import type { Kernel } from './kernel';
import type { NotebookRuns } from './notebookRuns';
import { notebookText, type NotebookText } from './notebookText';
import type { OwnRuns } from './ownRuns';
import { restingLabel } from './restingCell';
import { runRequest } from './runRequest';
import { startAsked, type RunRequest, type StartPorts } from './startAsked';
import { sayProblems } from '../problems/sayProblems';
import { unlinked } from '../unlinked';

export interface RunCellsPorts extends StartPorts {
  readonly agent: AgentClient;
  readonly kernel: Kernel;
  readonly feed: RunFeed;
  readonly own: OwnRuns;
}

/** Which cells: all that a Run All takes, without those that were not handed over, or those given. */
export type WantedCells =
  { readonly allBut: ReadonlySet<vscode.NotebookCell> } | readonly vscode.NotebookCell[];

/** How cells are run beyond what they say. */
export interface CellsCall {
  readonly inputs?: Record<string, string>;
  /** Where they run, this once, whatever target they name. */
  readonly target?: string;
}

/**
 * Runs cells of an open notebook with the text that the person sees. Failures are shown in the cells. Gives the run,
 * where one was begun.
 */
export async function runCells(
  runs: NotebookRuns,
  wanted: WantedCells,
  ports: RunCellsPorts,
  { inputs = {}, target }: CellsCall = {},
): Promise<RunRecord | undefined> {
  const view = await ready(runs, ports);
  if (view === undefined) return undefined;
  const { notebook } = runs;
  const whole = 'allBut' in wanted ? wholeRun(notebook, view) : undefined;
  const chosen = 'allBut' in wanted ? whole?.filter(cell => !wanted.allBut.has(cell)) : wanted;
  const runnable = (chosen ?? []).filter(cell => view.cellOf(cell) !== undefined);
  const [resting] = runnable.length === 0 ? (chosen ?? []) : [];
  if (resting !== undefined)
    void vscode.window.showInformationMessage(unlinked(restingLabel(fromOpenCell(resting)).tooltip));
  const { cells: begun, signal } = runs.begin(runnable);
  if (begun.length === 0) return undefined;
  // Cells that run already are not run a second time, so then the others are named.
  const indexes = begun.flatMap(cell => view.cellOf(cell)?.index ?? []);
  const selection: Selection = begun.length === whole?.length ? { kind: 'all' } : { kind: 'cells', indexes };
  const there = target === undefined ? {} : { target, targetOf: indexes };
  const request = runRequest(notebook.uri, view.text, selection, { inputs, ...there });
  try {
    const started = await startAsked(request, runs.inputs, ports, signal);
    if (started === undefined) runs.giveUp(begun);
    else if (signal.aborted) await callOff(started.run, ports);
    else {
      take(started.run, runs, view, begun, ports);
      void sayProblems(notebook, view.runbook);
    }
    return started?.run;
  } catch (error) {
    // Said once, where the person looks first.
    runs.giveUp(begun.slice(0, 1), errorText(error));
    runs.giveUp(begun.slice(1));
    return undefined;
  }
}

/**
 * Goes on from an earlier run in its notebook: its cells again, from its failed step on, or undoing what passed.
 *
 * @throws where the agent refuses
 */
export async function continueRun(
  runs: NotebookRuns,
  continues: NonNullable<RunRequest['continues']>,
  ports: RunCellsPorts,
): Promise<void> {
  const view = await ready(runs, ports);
  if (view === undefined) return;
  const request = runRequest(runs.notebook.uri, view.text, { kind: 'all' }, { continues });
  const started = await startAsked(request, runs.inputs, ports, runs.closed);
  if (started === undefined) return;
  take(started.run, runs, view, [], ports);
  const doubts = (started.warnings ?? []).slice(0, 3).map(({ message }) => message);
  if (doubts.length > 0) void vscode.window.showWarningMessage(unlinked(doubts.join('. ')));
}

/** Says why nothing runs, and where to change it. */
export async function sayRestricted(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const choice = await vscode.window.showInformationMessage(
    'This workspace is in Restricted Mode: runbooks can be read, and nothing runs.',
    manage,
  );
  if (choice === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}

function take(
  run: RunRecord,
  runs: NotebookRuns,
  view: NotebookText,
  begun: readonly vscode.NotebookCell[],
  { own, feed }: RunCellsPorts,
): void {
  own.add(run.id);
  runs.bind(run, view, begun);
  feed.note(run);
}

/** The person stopped it while it was asked for, and it began all the same. */
async function callOff({ id }: RunRecord, { agent }: RunCellsPorts): Promise<void> {
  try {
    await agent.request(cancelRun, { run: id });
  } catch (error) {
    // It was over by then.
    if (error instanceof HandrailError && error.code === 'invalidState') return;
    throw error;
  }
}

/** What is to be run; undefined where nothing can be, which is told. */
async function ready({ notebook }: NotebookRuns, ports: RunCellsPorts): Promise<NotebookText | undefined> {
  if (!vscode.workspace.isTrusted) {
    await sayRestricted();
    return undefined;
  }
  if (!(await ports.kernel.choose(notebook))) {
    const shown = vscode.window.visibleNotebookEditors.some(editor => editor.notebook === notebook);
    void vscode.window.showErrorMessage(
      shown
        ? 'Nothing was run: VS Code did not take Handrail as this runbook’s kernel in time. Run it again.'
        : 'The runbook has to be shown in an editor to be run.',
    );
    return undefined;
  }
  return viewOf(notebook);
}

function viewOf(notebook: vscode.NotebookDocument): NotebookText | undefined {
  try {
    return notebookText(notebook);
  } catch (error) {
    void vscode.window.showErrorMessage(
      `Nothing was run: the runbook cannot be written as Markdown. ${errorText(error)}`,
    );
    return undefined;
  }
}

/** What Run All runs; says so where that is nothing. */
function wholeRun(notebook: vscode.NotebookDocument, view: NotebookText): vscode.NotebookCell[] {
  const { runbook } = view;
  const cells = wholeFile(runbook, notebook.uri.fsPath).filter(
    cell => !cellOptions(cell, runbook.frontMatter).options.exclude,
  );
  if (cells.length === 0 && runbook.cells.length > 0)
    void vscode.window.showInformationMessage(
      'Run All leaves out every cell of this file. Run them one by one.',
    );
  return cells.flatMap(({ index }) => view.cellAt(index) ?? []);
}
