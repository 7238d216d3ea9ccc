import * as vscode from 'vscode';
import type { MoreRow } from './inPages';

/** The row that opens to the next page of a long list. */
export function moreItem({ id, label }: MoreRow<unknown>): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = id;
  item.tooltip = 'Open for more';
  item.accessibilityInformation = { label: `${label} Open for more` };
  return item;
}
