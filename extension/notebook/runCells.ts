import * as vscode from 'vscode';
import { HandrailError } from '../../agent/protocol/errors';
import { startRun, type RunRecord, type Selection } from '../../agent/protocol/runs';
import { cellOptions } from '../../agent/runbook/cellOptions';
import { wholeFile } from '../../agent/runbook/wholeFile';
import type { AgentClient } from '../agent/agentClient';
import { clientEnvironment } from '../agent/clientEnvironment';
import { errorText } from '../agent/errorText';
import type { RunFeed } from '../agent/runFeed';
import { askApproval, type Approval } from './askApproval';
import type { Kernel } from './kernel';
import type { NotebookRuns } from './notebookRuns';
import { notebookText, type NotebookText } from './notebookText';

export interface RunCellsPorts {
  readonly agent: AgentClient;
  readonly kernel: Kernel;
  readonly feed: RunFeed;
}

/** Which cells: all that a Run All takes, without those that were not handed over, or those given. */
export type WantedCells =
  { readonly allBut: ReadonlySet<vscode.NotebookCell> } | readonly vscode.NotebookCell[];

/** Runs cells of an open notebook with the text that the person sees. Failures are shown in the cells. */
export async function runCells(runs: NotebookRuns, wanted: WantedCells, ports: RunCellsPorts): Promise<void> {
  const { notebook } = runs;
  if (!vscode.workspace.isTrusted) return sayRestricted();
  if (!(await ports.kernel.choose(notebook))) {
    const shown = vscode.window.visibleNotebookEditors.some(editor => editor.notebook === notebook);
    void vscode.window.showErrorMessage(
      shown
        ? 'Nothing was run: VS Code did not take Handrail as this runbook’s kernel in time. Run it again.'
        : 'The runbook has to be shown in an editor to be run.',
    );
    return;
  }
  const view = viewOf(notebook);
  if (view === undefined) return;
  const whole = 'allBut' in wanted ? wholeRun(notebook, view) : undefined;
  const chosen = 'allBut' in wanted ? whole?.filter(cell => !wanted.allBut.has(cell)) : wanted;
  const runnable = (chosen ?? []).filter(cell => view.cellOf(cell) !== undefined);
  const begun = runs.begin(runnable);
  if (begun.length === 0) return;
  // Cells that run already are not run a second time, so then the others are named.
  const selection: Selection =
    begun.length === whole?.length
      ? { kind: 'all' }
      : { kind: 'cells', indexes: begun.flatMap(cell => view.cellOf(cell)?.index ?? []) };
  try {
    const run = await start(notebook.uri, view, selection, ports.agent);
    if (run === undefined) return runs.giveUp(begun);
    ports.feed.note(run);
    runs.bind(run, view, begun);
  } catch (error) {
    // Said once, where the person looks first.
    runs.giveUp(begun.slice(0, 1), errorText(error));
    runs.giveUp(begun.slice(1));
  }
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

/** Starts the run; asks where an approval is missing. Undefined: the person said no. */
async function start(
  uri: vscode.Uri,
  view: NotebookText,
  selection: Selection,
  agent: AgentClient,
): Promise<RunRecord | undefined> {
  const request = {
    file: uri.fsPath,
    text: view.text,
    selection,
    environment: clientEnvironment(uri),
    by: 'editor' as const,
    session: 'kept' as const,
    attended: true,
  };
  try {
    return (await agent.request(startRun, request)).run;
  } catch (error) {
    const approvals = approvalsIn(error, view);
    if (approvals === undefined) throw error;
    if (!(await askApproval(approvals))) return undefined;
    return (await agent.request(startRun, { ...request, approved: approvals.map(({ name }) => name) })).run;
  }
}

/** What has to be approved, with what would run; undefined where the error is another one. */
function approvalsIn(error: unknown, view: NotebookText): Approval[] | undefined {
  if (!(error instanceof HandrailError) || error.code !== 'needsAnswer') return undefined;
  const confirm: unknown = error.details.confirm;
  if (!Array.isArray(confirm)) return undefined;
  return (confirm as Approval[]).map(approval => {
    const command = view.runbook.cells.find(({ name }) => name === approval.name)?.text;
    return command === undefined ? approval : { ...approval, command };
  });
}
