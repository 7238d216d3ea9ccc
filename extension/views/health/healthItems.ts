import * as vscode from 'vscode';
import { sayAgo } from '../../../agent/protocol/words';
import type { CheckHistory } from '../../../agent/protocol/checkHistory';
import type { CheckProblem, CheckRow } from '../../../agent/protocol/health';
import { commands, treeItems } from '../../commands/names';
import { curve } from '../containers/sparkline';
import { describeCheck, describeGroup, tookText } from './healthWords';
import { pastLines } from './pastWords';

/** The row of a check; a click opens its file at its place. */
export function checkItem(row: CheckRow, now: number): vscode.TreeItem {
  const item = new vscode.TreeItem(row.name);
  item.id = row.id;
  item.description = describeCheck(row, now);
  item.iconPath = icons[row.state];
  item.contextValue = contextOf(row);
  item.command = { command: commands.openCheck, title: 'Open', arguments: [{ kind: 'check', id: row.id }] };
  item.accessibilityInformation = { label: `${row.name}: ${row.state}. ${item.description}` };
  return item;
}

/** All the rest of a check. */
export function checkTooltip(
  row: CheckRow,
  past: CheckHistory | undefined,
  now: number,
): vscode.MarkdownString {
  const { name, type, state, subject, description, at, message, recent, runbook, file, line, outdated } = row;
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(name).appendMarkdown(`** · ${type} · ${state}\n\n`);
  const lines = [
    description,
    subject,
    message,
    outdated === undefined
      ? undefined
      : `The file is invalid, so this is the check as it was before: ${outdated}`,
    at === undefined ? undefined : `looked at ${sayAgo(at, now)} · took ${tookText(recent.at(-1)?.ms)}`,
    runbook === undefined ? undefined : `when it is down: ${runbook}`,
    `line ${String(line)} of ${file}`,
  ];
  for (const each of lines)
    if (each !== undefined && each !== '') text.appendText(each).appendMarkdown('\n\n');
  for (const each of past === undefined ? [] : pastLines(past, now))
    text.appendText(each).appendMarkdown('\n\n');
  text.appendMarkdown(strip(recent));
  text.appendMarkdown(
    `\n\n${curve(
      'how long it took',
      recent.map(({ ms }) => ms),
    )}`,
  );
  return text;
}

/** One sign for each of the last looks. */
function strip(recent: CheckRow['recent']): string {
  const signs = { up: '·', degraded: '!', down: '✗', unknown: '?' };
  return recent.length === 0 ? '' : `\`${recent.map(({ state }) => signs[state]).join('')}\``;
}

export function groupItem(name: string, rows: readonly CheckRow[]): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `group ${name}`;
  item.description = describeGroup(rows);
  item.accessibilityInformation = { label: `${name}: ${item.description}` };
  return item;
}

/** Something wrong in a file of checks; a click goes there. */
export function problemItem({ file, line, column, message, hint = '' }: CheckProblem): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.Uri.file(file).path.split('/').at(-1) ?? file);
  item.id = `problem ${file}:${String(line)}:${String(column)} ${message}`;
  item.description = `line ${String(line)} · ${message}`;
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.tooltip = [message, hint].filter(part => part !== '').join('. ');
  item.command = {
    command: commands.openAt,
    title: 'Open',
    arguments: [vscode.Uri.file(file), line],
  };
  return item;
}

function contextOf({ state, runbook }: CheckRow): string {
  if (state === 'held') return treeItems.checkHeld;
  if (state === 'muted') return treeItems.checkMuted;
  return runbook === undefined ? treeItems.check : treeItems.checkWithRunbook;
}

const icons: Readonly<Record<CheckRow['state'], vscode.ThemeIcon>> = {
  up: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  degraded: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  down: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  unknown: new vscode.ThemeIcon('question', new vscode.ThemeColor('list.warningForeground')),
  pending: new vscode.ThemeIcon('clock', new vscode.ThemeColor('testing.iconQueued')),
  held: new vscode.ThemeIcon('lock', new vscode.ThemeColor('list.warningForeground')),
  muted: new vscode.ThemeIcon('bell-slash'),
  maintenance: new vscode.ThemeIcon('tools'),
};
