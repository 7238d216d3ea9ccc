import * as vscode from 'vscode';
import type { Folders } from '../../agent/folders';
import type { AgentClient } from '../agent/agentClient';
import { ClusterFeed } from '../agent/clusterFeed';
import { Allowed } from '../commands/clusters/allowed';
import type { ClusterParts } from '../commands/clusters/clusterCommands';
import { targetOfRow } from '../commands/clusters/podTargetOf';
import { targetDrag } from '../commands/containers/dragTarget';
import { views } from '../commands/names';
import type { Log } from '../log';
import { clusterChoices } from '../views/clusters/clusterChoices';
import type { ClusterNode } from '../views/clusters/clusterNode';
import { ClustersProvider } from '../views/clusters/clustersProvider';
import { plainTree } from '../views/plainTree';
import { offerForwards } from './offerForwards';
import { openManifests } from './openManifests';
import { PortForwards } from './portForwards';

/** What the window has for containers and clusters alike. */
type Shared = Pick<ClusterParts, 'texts' | 'streams' | 'logs'>;

/** Puts together what the window has of clusters: what is known of contexts, the view, documents. */
export function openClusters(
  { agent, folders, log, shared }: { agent: AgentClient; folders: Folders; log: Log; shared: Shared },
  memory: vscode.Memento,
): ClusterParts & vscode.Disposable {
  const feed = new ClusterFeed(agent, log);
  const manifests = openManifests(agent, feed, log);
  const choices = clusterChoices(memory);
  const forwards = new PortForwards(agent, memory);
  const allowed = new Allowed(agent, log);
  const provider = new ClustersProvider(agent, feed, choices, { forwards, allowed, log });
  const view = vscode.window.createTreeView(views.clusters, {
    treeDataProvider: plainTree(provider),
    showCollapseAll: true,
    canSelectMany: true,
    dragAndDropController: targetDrag((row: ClusterNode) => targetOfRow({ feed, provider }, row)),
  });
  provider.setVisible(view.visible);
  const all = vscode.Disposable.from(
    view,
    view.onDidChangeVisibility(({ visible }) => provider.setVisible(visible)),
    view.onDidExpandElement(({ element }) => provider.unfolded(element)),
    view.onDidCollapseElement(({ element }) => provider.folded(element)),
    offerForwards(agent, feed, forwards),
    ...[manifests, provider, choices, forwards, allowed, feed],
  );
  const { texts, streams, logs } = shared;
  return {
    ...{ agent, folders, feed, choices, provider, texts, streams, logs, forwards, allowed, manifests },
    dispose: () => void all.dispose(),
  };
}
