import type { Disposable } from 'vscode';
import { agentStatus } from '../../agent/protocol/handshake';
import { errorText } from './errorText';
import type { Log } from '../log';
import type { AgentClient } from './agentClient';
import type { RunFeed } from './runFeed';

const everyMs = 3000;
const answerMs = 5000;

/** Asks the agent now and then whether it is well, while a run or a request waits for it: one that hangs says nothing. */
export function startHeartbeat(agent: AgentClient, feed: RunFeed, log: Log): Disposable {
  let asking = false;
  const beat = async () => {
    const { connection, state } = agent;
    const wanted = agent.isAsked || feed.going > 0 || state.kind === 'silent';
    if (asking || connection === undefined || !wanted) return;
    asking = true;
    try {
      await connection.request(agentStatus, {}, AbortSignal.timeout(answerMs));
      agent.heard(connection, true);
    } catch (error) {
      log.warn('no heartbeat', { reason: errorText(error) });
      agent.heard(connection, false);
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void beat(), everyMs);
  return { dispose: () => clearInterval(timer) };
}
