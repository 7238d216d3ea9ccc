import * as vscode from 'vscode';
import { fileOf } from '../../../agent/protocol/fileOf';
import type { RunSummary, StepRecord } from '../../../agent/protocol/runs';
import { commands, treeItems } from '../../commands/names';
import { stateIcon } from '../stateIcon';
import { backgroundRow, runRow, stepRow } from './runWords';

/**
 * The row of a run. Its id holds no state, so that it stays expanded as it goes on. Its tooltip is made when somebody
 * points at it: it takes the run's steps.
 */
export function runItem(run: RunSummary, now: number, asks?: string): vscode.TreeItem {
  const row = runRow(run, now, asks);
  const item = new vscode.TreeItem(row.label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = run.id;
  item.description = row.description;
  item.iconPath = asks === undefined ? stateIcon(run.state) : askingIcon();
  item.contextValue = contextOf(run, asks !== undefined);
  item.accessibilityInformation = { label: row.spoken };
  return item;
}

/** The row of a step; a click opens its cell. */
export function stepItem(run: RunSummary, step: StepRecord, now: number): vscode.TreeItem {
  const row = stepRow(step, now);
  const item = new vscode.TreeItem(row.label);
  item.id = `${run.id}/${String(step.index)}`;
  item.description = row.description;
  item.iconPath = step.asks === undefined ? stateIcon(step.state) : askingIcon();
  item.contextValue = stepContext(step);
  item.accessibilityInformation = { label: row.spoken };
  item.command = {
    command: commands.openStep,
    title: 'Open Cell',
    arguments: [{ kind: 'step', run: run.id, index: step.index }],
  };
  item.tooltip = tooltip([
    `${step.name}: ${row.description === '' ? step.state : row.description}`,
    ...(step.message === undefined ? [] : [step.message]),
    `line ${String(step.line)} of ${fileOf(run, step)}`,
    step.text.trimEnd().slice(0, 600),
  ]);
  return item;
}

/** The row of a step that goes on in the background: what, of which runbook, since when; its first button stops it. */
export function backgroundItem(run: RunSummary, step: StepRecord, now: number): vscode.TreeItem {
  const item = stepItem(run, step, now);
  const { description, spoken } = backgroundRow(run, step, now);
  item.id = `background ${run.id}/${String(step.index)}`;
  item.description = description;
  item.iconPath = new vscode.ThemeIcon('server-process');
  item.accessibilityInformation = { label: spoken };
  const end =
    step.background === 'detached'
      ? 'It goes on after its run and after the agent. Stop ends it.'
      : 'It goes on until its session ends. Stop ends it now.';
  item.tooltip = tooltip([...(typeof item.tooltip === 'string' ? [item.tooltip] : []), '', end]);
  return item;
}

function contextOf({ state }: RunSummary, asks: boolean): string {
  if (state === 'running') return asks ? treeItems.runAsks : treeItems.runGoing;
  return state === 'passed' ? treeItems.runEnded : treeItems.runStopped;
}

function stepContext({ asks, background, outputSeq }: StepRecord): string {
  if (asks !== undefined) return treeItems.stepAsks;
  if (background === 'running' || background === 'detached') return treeItems.stepBackground;
  return outputSeq > 0 ? treeItems.stepWithOutput : treeItems.step;
}

function askingIcon(): vscode.ThemeIcon {
  return new vscode.ThemeIcon('question', new vscode.ThemeColor('list.warningForeground'));
}

/** Plain text: what a runbook says is never taken for Markdown. */
function tooltip(lines: readonly string[]): string {
  return lines.join('\n');
}
