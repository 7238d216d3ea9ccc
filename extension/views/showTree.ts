import * as vscode from 'vscode';
import { plainTree } from './plainTree';

/** A provider that wants to know whether anybody sees its tree. */
export interface WatchedTree<T> extends vscode.TreeDataProvider<T> {
  setVisible(visible: boolean): void;
}

/** Shows a tree in its view. */
export function showTree<T>(id: string, treeDataProvider: WatchedTree<T>): vscode.Disposable {
  const view = vscode.window.createTreeView(id, {
    treeDataProvider: plainTree(treeDataProvider),
    showCollapseAll: true,
  });
  treeDataProvider.setVisible(view.visible);
  return vscode.Disposable.from(
    view,
    view.onDidChangeVisibility(({ visible }) => treeDataProvider.setVisible(visible)),
  );
}
