import type { ProviderResult, TreeDataProvider, TreeItem } from 'vscode';
import { iconless } from '../iconless';

/** The same tree with its rows shown as they are written: VS Code would make icons of their `$(name)`. */
export function plainTree<T>(provider: TreeDataProvider<T>): TreeDataProvider<T> {
  const { onDidChangeTreeData } = provider;
  return {
    ...(onDidChangeTreeData && { onDidChangeTreeData }),
    getChildren: (element?: T): ProviderResult<T[]> => provider.getChildren(element),
    getTreeItem: async (element: T) => plainItem(await provider.getTreeItem(element)),
    ...(provider.getParent && { getParent: (element: T) => provider.getParent?.(element) }),
    ...(provider.resolveTreeItem && {
      resolveTreeItem: (item: TreeItem, element: T, token) =>
        provider.resolveTreeItem?.(item, element, token),
    }),
  };
}

function plainItem(item: TreeItem): TreeItem {
  const { label, description } = item;
  if (label !== undefined)
    item.label = typeof label === 'string' ? iconless(label) : { ...label, label: iconless(label.label) };
  if (typeof description === 'string') item.description = iconless(description);
  return item;
}
