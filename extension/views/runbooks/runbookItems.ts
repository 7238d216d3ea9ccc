import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { RunSummary, StepRecord } from '../../../agent/protocol/runs';
import { commands, treeItems } from '../../commands/names';
import { outcome } from '../../notebook/stepWords';
import { stateIcon } from '../stateIcon';
import { ago } from '../words';
import type { OutlineCell, OutlineSection } from './outline';
import type { IndexedRunbook } from './runbookIndex';
import { cellDescription, runbookDescription } from './runbookWords';

/** The row of a file. */
export function fileItem(
  runbook: IndexedRunbook,
  last: RunSummary | undefined,
  now: number,
  filtered: boolean,
): vscode.TreeItem {
  const item = new vscode.TreeItem(posix.basename(runbook.path), collapsible(filtered));
  const folder = posix.dirname(runbook.path);
  item.id = runbook.uri.toString();
  item.description = runbookDescription(folder === '.' ? '' : folder, last, now);
  item.iconPath = last === undefined ? new vscode.ThemeIcon('notebook') : stateIcon(last.state);
  item.contextValue = treeItems.runbook;
  const result =
    last === undefined ? 'not run yet' : `${last.state} ${ago(last.endedAt ?? last.startedAt, now)}`;
  item.tooltip = [runbook.outline.title ?? runbook.path, runbook.path, result].join('\n');
  item.accessibilityInformation = { label: `${runbook.path}, ${result}` };
  return item;
}

/** The row of a heading; a click opens it. */
export function sectionItem(
  file: IndexedRunbook,
  section: OutlineSection,
  filtered: boolean,
): vscode.TreeItem {
  const item = new vscode.TreeItem(section.title ?? '', collapsible(filtered));
  item.id = `${file.uri.toString()}#${String(section.cells[0]?.index)}`;
  item.description = section.around.slice(1).join(' › ');
  item.iconPath = new vscode.ThemeIcon('symbol-number');
  item.contextValue = treeItems.section;
  item.tooltip = [...section.around, section.title].join(' › ');
  item.command = { command: commands.openAt, title: 'Open', arguments: [file.uri, section.line] };
  return item;
}

/** The row of a cell; a click opens it. */
export function cellItem(
  uri: vscode.Uri,
  cell: OutlineCell,
  last: StepRecord | undefined,
  now: number,
): vscode.TreeItem {
  const item = new vscode.TreeItem(cell.name);
  item.id = `${uri.toString()}#cell-${String(cell.index)}`;
  item.description = cellDescription(cell.command, last);
  item.iconPath = last === undefined ? new vscode.ThemeIcon('circle-outline') : stateIcon(last.state);
  item.contextValue = treeItems.cell;
  const result = resultText(last, now);
  item.tooltip = [
    `${cell.name} · ${cell.language} · line ${String(cell.line)}`,
    result,
    cell.text.trimEnd().slice(0, 600),
  ].join('\n');
  item.accessibilityInformation = { label: `${cell.name}, ${result}, ${cell.command}` };
  item.command = { command: commands.openAt, title: 'Open', arguments: [uri, cell.line] };
  return item;
}

/** The row for what does not fit. */
export function moreItem(left: number): vscode.TreeItem {
  const item = new vscode.TreeItem(`Next ${String(Math.min(left, 500))} of ${String(left)} more…`);
  item.command = { command: commands.moreRunbooks, title: 'Show More' };
  return item;
}

function resultText(last: StepRecord | undefined, now: number): string {
  if (last === undefined) return 'not run yet';
  const words = outcome(last);
  const when = last.endedAt === undefined ? [] : [ago(last.endedAt, now)];
  return [last.state, ...(words === '' || words === last.state ? [] : [words]), ...when].join(' · ');
}

function collapsible(filtered: boolean): vscode.TreeItemCollapsibleState {
  return filtered ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}
