import { HandrailError } from '../protocol/errors';
import type { agentStatus, shutdown } from '../protocol/handshake';
import type { ParamsOf, ResultOf } from '../protocol/message';
import type { Agent } from './agent';
import type { Client } from './client';

/** Answers {@link agentStatus}. */
export function tellStatus(
  _params: ParamsOf<typeof agentStatus>,
  agent: Agent,
): ResultOf<typeof agentStatus> {
  const runs = agent.openEngine()?.runs;
  return {
    pid: process.pid,
    version: agent.version,
    socket: agent.socket,
    startedAt: agent.startedAt.toISOString(),
    clients: agent.clientCount(),
    runs: runs?.size ?? 0,
    sessions: runs?.sessions().length ?? 0,
    resident: process.memoryUsage.rss(),
  };
}

/** Answers {@link shutdown}: what people have going is not ended for them unless they say so. */
export function leaveWhenIdle(
  params: { force: boolean },
  agent: Agent,
  client: Client,
): ResultOf<typeof shutdown> {
  const { runs, sessions } = tellStatus({}, agent);
  const isBusy = runs > 0 || sessions > 0;
  if (isBusy && !params.force) {
    throw new HandrailError('busy', 'The agent has runs or sessions going on', { runs, sessions });
  }
  if (isBusy && !client.trusted) {
    throw new HandrailError('untrusted', 'An untrusted workspace cannot end what others have going on');
  }
  agent.leave(params.force ? 'asked to leave at once' : 'asked to leave');
  return {};
}
