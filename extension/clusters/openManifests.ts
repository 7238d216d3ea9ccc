import * as vscode from 'vscode';
import type { AgentClient } from '../agent/agentClient';
import type { ClusterFeed } from '../agent/clusterFeed';
import { reviewEdit } from '../commands/clusters/reviewEdit';
import type { Log } from '../log';
import { ComparedPages } from './comparedPages';
import { EditedObjects } from './editedObjects';

/** What the window has of manifests: objects that are edited, comparisons, what is wrong with files. */
export interface Manifests extends vscode.Disposable {
  readonly edited: EditedObjects;
  readonly pages: ComparedPages;
  readonly problems: vscode.DiagnosticCollection;
}

export function openManifests(agent: AgentClient, feed: ClusterFeed, log: Log): Manifests {
  const pages = new ComparedPages();
  const problems = vscode.languages.createDiagnosticCollection('handrail-manifests');
  const edited = new EditedObjects({ agent, feed, log }, (uri, opened, after) =>
    reviewEdit({ agent, pages, problems }, uri, opened, after),
  );
  const all = vscode.Disposable.from(edited, pages, problems);
  return { edited, pages, problems, dispose: () => void all.dispose() };
}
