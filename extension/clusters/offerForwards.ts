import * as vscode from 'vscode';
import type { AgentClient } from '../agent/agentClient';
import type { ClusterFeed } from '../agent/clusterFeed';
import { errorText } from '../agent/errorText';
import { confirmedOn } from '../commands/clusters/confirmedOn';
import { unlinked } from '../unlinked';
import { forwardKey, type KnownForward } from './knownForward';
import type { PortForwards } from './portForwards';

/** Whenever a context is connected whose ports were forwarded before: asks whether they shall be again. */
export function offerForwards(
  agent: Pick<AgentClient, 'onDidConnect'>,
  feed: Pick<ClusterFeed, 'onDidChange' | 'context' | 'isLive'>,
  forwards: PortForwards,
): vscode.Disposable {
  const connected = new Set<string>();
  return vscode.Disposable.from(
    // Forwards end with their connection; a context may be connected again before anybody told that it was not.
    agent.onDidConnect(() => connected.clear()),
    feed.onDidChange(({ contexts }) => {
      for (const id of contexts) {
        const isConnected = feed.isLive && feed.context(id)?.state.kind === 'connected';
        if (!isConnected) connected.delete(id);
        else if (!connected.has(id)) {
          connected.add(id);
          void offer(forwards, id, feed.context(id)?.name ?? id);
        }
      }
    }),
  );
}

async function offer(forwards: PortForwards, context: string, name: string): Promise<void> {
  const idle = forwards.of(context).filter(({ forward }) => forward === undefined);
  if (idle.length === 0) return;
  const ports = idle.map(({ local }) => String(local)).join(', ');
  const text = `Before, this workspace forwarded ports to ${name}: ${ports}.`;
  const chosen = await vscode.window.showInformationMessage(unlinked(text), again, forget);
  for (const one of idle) {
    if (chosen === again) await startAgain(forwards, one);
    if (chosen === forget) await forwards.stop(forwardKey(one));
  }
}

const again = 'Forward Again';
const forget = 'Forget Them';

async function startAgain(forwards: PortForwards, one: KnownForward): Promise<void> {
  try {
    await confirmedOn(confirmed => forwards.start(one, confirmed));
  } catch (error) {
    const text = `Port ${String(one.local)} is not forwarded: ${errorText(error)}`;
    void vscode.window.showWarningMessage(unlinked(text));
  }
}
