import * as vscode from 'vscode';
import { forwardKey, forwardPlace, forwardState, type KnownForward } from '../../clusters/knownForward';
import type { PortForwards } from '../../clusters/portForwards';
import { treeItems } from '../../commands/names';
import type { Rows } from '../inPages';
import { iconOf, itemOf } from './clusterItems';
import {
  forwardNode,
  forwardsNode,
  type ClusterNode,
  type ContextNode,
  type ForwardNode,
  type ForwardsNode,
} from './clusterNode';

/** What a context has, below a row for its forwarded ports where it has any. */
export function withForwards(
  { context }: ContextNode,
  forwards: Pick<PortForwards, 'of'>,
  rows: Rows<ClusterNode>,
): Rows<ClusterNode> {
  return forwards.of(context).length === 0 ? rows : [forwardsNode(context), ...rows];
}

export function forwardRows(known: readonly KnownForward[]): ForwardNode[] {
  return known.map(one => forwardNode(one.context, forwardKey(one)));
}

export function forwardsItem({ id }: ForwardsNode, known: readonly KnownForward[]): vscode.TreeItem {
  return itemOf(id, 'Forwarded Ports', vscode.TreeItemCollapsibleState.Expanded, {
    ...{ description: String(known.length), what: 'group', contextValue: treeItems.clusterSection },
    icon: iconOf('plug'),
  });
}

export function forwardItem({ id }: ForwardNode, known: KnownForward | undefined): vscode.TreeItem {
  if (known === undefined) return new vscode.TreeItem('');
  const { forward, namespace, local } = known;
  const contextValue = forward === undefined ? treeItems.forwardIdle : treeItems.forward;
  return itemOf(id, `localhost:${String(local)}`, vscode.TreeItemCollapsibleState.None, {
    description: `→ ${namespace}/${forwardPlace(known)} · ${forwardState(known)}`,
    ...{ what: 'forwarded port', contextValue, icon: stateIcon(known) },
  });
}

/** What there is to know of a forwarded port. */
export function forwardFacts(known: KnownForward): string[] {
  const { forward, local, namespace } = known;
  return [
    `localhost:${String(local)} → ${namespace}/${forwardPlace(known)}`,
    forwardState(known),
    ...(forward?.pod === undefined ? [] : [`pod ${forward.pod}, port ${String(forward.remote)}`]),
    ...(forward === undefined ? [] : ['', forward.kubectl]),
  ];
}

function stateIcon({ forward }: KnownForward): vscode.ThemeIcon {
  if (forward === undefined) return iconOf('circle-outline', 'disabledForeground');
  if (forward.state === 'ready') return iconOf('pass-filled', 'testing.iconPassed');
  return forward.state === 'waiting'
    ? iconOf('circle-filled', 'testing.iconQueued')
    : iconOf('error', 'testing.iconFailed');
}
