import * as vscode from 'vscode';
import { getRollout } from '../../../../agent/protocol/clusterObjects';
import { unlinked } from '../../../unlinked';
import type { ChosenObject } from '../chosen';
import type { ClusterParts } from '../clusterCommands';

/** Milliseconds between two looks: at least, where the cluster tells of changes; at most, where it tells of none. */
const least = 500;
const most = 5000;
/** After so long a rollout is left to itself. */
const patience = 15 * 60_000;

/** Tells how a rollout goes until it is done or has failed, or the person wants to see no more of it. */
export async function followRollout(
  { agent, feed }: Pick<ClusterParts, 'agent' | 'feed'>,
  { context, object }: ChosenObject,
): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Rollout of ${object.name}`,
    cancellable: true,
  };
  const end = Date.now() + patience;
  const ended = await vscode.window.withProgress(options, async (progress, token) => {
    while (!token.isCancellationRequested && Date.now() < end) {
      const { state, message } = await agent.request(getRollout, { context, object });
      if (state !== 'progressing') return { state, message };
      progress.report({ message });
      await nextChange(feed, token);
    }
    return undefined;
  });
  if (ended === undefined) return;
  const text = unlinked(`${object.name}: ${ended.message}`);
  if (ended.state === 'failed') void vscode.window.showErrorMessage(text);
  else vscode.window.setStatusBarMessage(text, 6000);
}

async function nextChange(feed: ClusterParts['feed'], token: vscode.CancellationToken): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, least));
  await new Promise<void>(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      for (const one of listening) one.dispose();
      resolve();
    };
    const timer = setTimeout(done, most);
    const listening = [feed.onDidChange(done), token.onCancellationRequested(done)];
  });
}
