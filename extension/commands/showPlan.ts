import * as vscode from 'vscode';
import { planRun } from '../../agent/protocol/runs';
import type { PlanView } from '../../agent/protocol/plan';
import { parseRunbook } from '../../agent/runbook/parseRunbook';
import { decodeSource } from '../../agent/runbook/decode';
import { runbookName } from '../../agent/runbook/runbookName';
import type { AgentClient } from '../agent/agentClient';
import { notebookText } from '../notebook/notebookText';
import { runRequest } from '../notebook/runRequest';
import { openNotebook } from './openEditors';
import { lineLinks } from './markdownText';
import { planPage } from './planPage';
import type { VirtualPages } from './virtualPages';

/** What a run of a runbook, or of one of its cells, would do; nothing is run. */
export async function planOf(
  agent: AgentClient,
  uri: vscode.Uri,
  inputs: Record<string, string>,
  cell?: vscode.NotebookCell,
): Promise<PlanView> {
  const notebook = cell?.notebook ?? openNotebook(uri);
  const view = notebook === undefined ? undefined : notebookText(notebook);
  const text = view?.text ?? (await textOf(uri));
  const index = cell === undefined ? undefined : view?.cellOf(cell)?.index;
  if (cell !== undefined && index === undefined) throw new Error('This cell does not run.');
  const selection =
    index === undefined ? { kind: 'all' as const } : { kind: 'cells' as const, indexes: [index] };
  return (await agent.request(planRun, runRequest(uri, text, selection, { inputs }))).plan;
}

/** Shows the plan of a runbook, or of one of its cells. */
export async function showPlan(
  agent: AgentClient,
  pages: VirtualPages,
  uri: vscode.Uri,
  inputs: Record<string, string>,
  cell?: vscode.NotebookCell,
): Promise<void> {
  const plan = await planOf(agent, uri, inputs, cell);
  const only = plan.steps.findLast(({ role }) => role === 'step')?.name;
  const what =
    cell === undefined || only === undefined
      ? runbookName(uri.fsPath)
      : `${only} of ${runbookName(uri.fsPath)}`;
  await pages.show(
    `Plan of ${what}`,
    uri.toString(),
    planPage(plan, lineLinks(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath)),
  );
}

async function textOf(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString());
  const text = open?.getText() ?? decodeSource(await vscode.workspace.fs.readFile(uri));
  if (parseRunbook(text).cells.length === 0) throw new Error('This file has no cell that can run.');
  return text;
}
