import * as vscode from 'vscode';
import { agentStatus } from '../../agent/protocol/handshake';
import type { Log } from '../log';
import type { AgentClient } from './agentClient';
import { errorText } from './errorText';
import type { RunFeed } from './runFeed';

/** Restarts the agent; asks first where that ends runs, which may be those of another window or of a terminal. */
export async function restartAgent(agent: AgentClient, feed: RunFeed, log: Log): Promise<void> {
  const runs = await runsOf(agent, feed, log);
  if (runs > 0 && !(await askToEnd(runs))) return;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Handrail: restarting the agent' },
    () => agent.restart(),
  );
}

async function runsOf(agent: AgentClient, feed: RunFeed, log: Log): Promise<number> {
  const { connection } = agent;
  if (connection === undefined) return 0;
  try {
    return (await connection.request(agentStatus, {}, AbortSignal.timeout(2000))).runs;
  } catch (error) {
    // One that hangs cannot tell: what was last known counts.
    log.warn('the agent cannot be asked what it is at', { reason: errorText(error) });
    return feed.going;
  }
}

/** The safe answer comes first, since a modal focuses the first. */
async function askToEnd(runs: number): Promise<boolean> {
  const restart = runs === 1 ? 'End 1 Run' : `End ${String(runs)} Runs`;
  const answer = await vscode.window.showWarningMessage(
    runs === 1 ? 'A run is under way.' : `${String(runs)} runs are under way.`,
    {
      modal: true,
      detail: 'Restarting the agent ends every run and session, those of other windows and terminals too.',
    },
    { title: 'Do Not Restart' },
    { title: restart },
  );
  return answer?.title === restart;
}
