import * as vscode from 'vscode';
import type { Folders } from '../../agent/folders';
import type { AgentClient } from '../agent/agentClient';
import { AgentStreams } from '../agent/agentStreams';
import { EngineFeed } from '../agent/engineFeed';
import type { ContainerParts } from '../commands/containers/containerCommands';
import { environmentLenses } from '../commands/containers/inspecting';
import { registerTargetDrop, targetDrag } from '../commands/containers/dragTarget';
import { Targets } from '../commands/containers/targets';
import { TextPages, textPageScheme } from '../commands/containers/textPages';
import { views } from '../commands/names';
import type { Log } from '../log';
import { LogPanels } from '../logs/logPanels';
import type { ContainerNode } from '../views/containers/containerNode';
import { ContainersProvider } from '../views/containers/containersProvider';
import { plainTree } from '../views/plainTree';
import { treeChoices } from '../views/containers/treeChoices';

/** Puts together what the window has of containers: what is known of engines, the view, documents, streams. */
export function openContainers(
  { agent, folders, log, dist }: { agent: AgentClient; folders: Folders; log: Log; dist: vscode.Uri },
  memory: vscode.Memento,
): ContainerParts & vscode.Disposable {
  const feed = new EngineFeed(agent, log);
  const streams = new AgentStreams(agent);
  const logs = new LogPanels(agent, dist);
  const choices = treeChoices(memory);
  const view = new ContainersProvider(feed, choices);
  const texts = new TextPages();
  const targets = new Targets(feed, view.model);
  const all = vscode.Disposable.from(
    showContainers(view, targets),
    registerTargetDrop(),
    ...[view, choices, texts, logs, streams, feed],
    vscode.workspace.registerTextDocumentContentProvider(textPageScheme, texts),
    vscode.languages.registerCodeLensProvider({ scheme: textPageScheme }, environmentLenses),
  );
  return {
    ...{ agent, streams, feed, folders, view, choices, targets, texts, logs },
    dispose: () => void all.dispose(),
  };
}

function showContainers(provider: ContainersProvider, targets: Targets): vscode.Disposable {
  const view = vscode.window.createTreeView(views.containers, {
    treeDataProvider: plainTree(provider),
    showCollapseAll: true,
    canSelectMany: true,
    dragAndDropController: targetDrag((row: ContainerNode) => targets.targetOfRow(row)),
  });
  provider.setVisible(view.visible);
  return vscode.Disposable.from(
    view,
    view.onDidChangeVisibility(({ visible }) => provider.setVisible(visible)),
    view.onDidExpandElement(({ element }) => provider.unfolded(element)),
    view.onDidCollapseElement(({ element }) => provider.folded(element)),
  );
}
