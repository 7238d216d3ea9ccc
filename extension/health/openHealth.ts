import * as vscode from 'vscode';
import type { AgentClient } from '../agent/agentClient';
import { HealthFeed } from '../agent/healthFeed';
import { views } from '../commands/names';
import type { Log } from '../log';
import { HealthProvider } from '../views/health/healthProvider';
import { showTree } from '../views/showTree';
import { healthChoices } from './healthChoices';
import { HealthFiles } from './healthFiles';
import { HealthStatus } from './healthStatus';

/** What the window has of health checks. */
export interface HealthParts extends vscode.Disposable {
  readonly feed: HealthFeed;
}

export function openHealth(agent: AgentClient, log: Log, memory: vscode.Memento): HealthParts {
  const files = new HealthFiles(log);
  const choices = healthChoices(memory);
  const feed = new HealthFeed(agent, files, choices, log);
  const provider = new HealthProvider(agent, feed);
  const tree = showTree(views.health, provider);
  const all = vscode.Disposable.from(tree, provider, new HealthStatus(feed), feed, choices, files);
  return { feed, dispose: () => void all.dispose() };
}
