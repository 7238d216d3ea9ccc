import type { ResultOf } from '../protocol/message';
import type { listSessions, resetSession } from '../protocol/sessions';
import type { Agent } from './agent';
import type { Client } from './client';

/** Answers {@link listSessions}. */
export async function tellSessions(_params: object, agent: Agent): Promise<ResultOf<typeof listSessions>> {
  const sessions = agent.engine().runs.sessions();
  return {
    sessions: await Promise.all(
      sessions.map(async session => ({ ...session, processes: await session.processes() })),
    ),
  };
}

/** Answers {@link resetSession}. */
export async function forgetSession(
  { file }: { file: string },
  agent: Agent,
  client: Client,
): Promise<ResultOf<typeof resetSession>> {
  await agent.engine().runs.resetSession(file, client.kind);
  agent.log.info('Session reset', { file, by: client.id });
  return {};
}
