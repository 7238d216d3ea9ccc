import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { reportRun } from '../../agent/protocol/history';
import type { ReportFormat } from '../../agent/protocol/reportFormats';
import { getRun } from '../../agent/protocol/runs';
import { runbookName } from '../../agent/runbook/runbookName';
import type { AgentClient } from '../agent/agentClient';
import { pick } from '../quickInput';

/** Shows the report of a run as a page: no script runs in it, and it loads nothing. */
export async function openReport(agent: AgentClient, id: string): Promise<void> {
  const { run } = await agent.request(getRun, { run: id });
  const html = await htmlReport(agent, id);
  const panel = vscode.window.createWebviewPanel(
    'handrail.report',
    `Report of ${runbookName(run.file)}`,
    vscode.ViewColumn.Active,
    { enableScripts: false, enableForms: false, enableFindWidget: true, localResourceRoots: [] },
  );
  panel.webview.html = html;
}

/** Saves the report of a run in a format and at a place that the person chooses. */
export async function saveReport(agent: AgentClient, id: string): Promise<void> {
  const format = await pick(formats, { title: 'Save Report as' });
  if (format === undefined) return;
  const { run } = await agent.request(getRun, { run: id });
  const folder =
    vscode.workspace.getWorkspaceFolder(vscode.Uri.file(run.file))?.uri ?? vscode.Uri.file(tmpdir());
  const name = `${runbookName(run.file)}-${id.slice(0, 6)}.${format.extension}`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { [format.label]: [format.extension] },
  });
  if (target === undefined) return;
  await agent.request(reportRun, { run: id, format: format.format, path: target.fsPath });
  const open = 'Open';
  const choice = await vscode.window.showInformationMessage(
    `Saved ${vscode.workspace.asRelativePath(target)}.`,
    open,
  );
  if (choice === open) await vscode.commands.executeCommand('vscode.open', target);
}

const formats: readonly (vscode.QuickPickItem & { format: ReportFormat; extension: string })[] = [
  { label: 'HTML', description: 'one file with a timeline', format: 'html', extension: 'html' },
  { label: 'Markdown', format: 'markdown', extension: 'md' },
  { label: 'JSON', format: 'json', extension: 'json' },
  { label: 'JUnit', description: 'for CI systems', format: 'junit', extension: 'xml' },
];

/** The agent writes files; this one is read and gone at once. */
async function htmlReport(agent: AgentClient, run: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'handrail-report-'));
  try {
    const path = join(folder, 'report.html');
    await agent.request(reportRun, { run, format: 'html', path });
    return await readFile(path, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
