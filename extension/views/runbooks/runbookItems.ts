import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { StepRecord } from '../../../agent/protocol/runs';
import { sayAgo } from '../../../agent/protocol/words';
import { commands, treeItems } from '../../commands/names';
import { outcome } from '../../notebook/stepWords';
import { stateIcon } from '../stateIcon';
import type { FileResult } from './fileResult';
import type { OutlineCell, OutlineSection } from './outline';
import type { IndexedRunbook } from './runbookIndex';
import { cellDescription, runbookDescription, spokenResult } from './runbookWords';

/** The row of a file; `folder` tells it from others. */
export function fileItem(
  { uri, path, outline }: IndexedRunbook,
  folder: string,
  result: FileResult | undefined,
  now: number,
  filtered: boolean,
): vscode.TreeItem {
  const item = new vscode.TreeItem(posix.basename(path), collapsible(filtered));
  item.id = uri.toString();
  item.description = runbookDescription(folder, result, now);
  item.iconPath = iconOf(result);
  item.contextValue = treeItems.runbook;
  const spoken = spokenResult(result, now);
  item.tooltip = [outline.title ?? path, path, spoken].join('\n');
  item.accessibilityInformation = { label: `${path}, ${spoken}` };
  return item;
}

/** The row of a heading; a click opens it. */
export function sectionItem(
  file: IndexedRunbook,
  section: OutlineSection,
  filtered: boolean,
): vscode.TreeItem {
  const item = new vscode.TreeItem(section.title ?? '', collapsible(filtered));
  item.id = sectionId(file, section);
  item.description = section.around.slice(1).join(' › ');
  item.iconPath = new vscode.ThemeIcon('symbol-number');
  item.contextValue = treeItems.section;
  item.tooltip = [...section.around, section.title].join(' › ');
  item.command = { command: commands.openAt, title: 'Open', arguments: [file.uri, section.line] };
  return item;
}

/** Identifies a heading as long as its first cell keeps its place. */
export function sectionId(file: IndexedRunbook, section: OutlineSection): string {
  return `${file.uri.toString()}#${String(section.cells[0]?.index)}`;
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

function iconOf(result: FileResult | undefined): vscode.ThemeIcon {
  if (result === undefined) return new vscode.ThemeIcon('notebook');
  return stateIcon(result.kind === 'going' ? 'running' : result.state);
}

function resultText(last: StepRecord | undefined, now: number): string {
  if (last === undefined) return 'not run yet';
  const words = outcome(last);
  const when = last.endedAt === undefined ? [] : [sayAgo(last.endedAt, now)];
  return [last.state, ...(words === '' || words === last.state ? [] : [words]), ...when].join(' · ');
}

function collapsible(filtered: boolean): vscode.TreeItemCollapsibleState {
  return filtered ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}
