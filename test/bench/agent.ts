import { type AgentConnection } from '../../agent/client/connection';
import { connectAgent } from '../../agent/client/connectAgent';
import { handrailFolders } from '../../agent/folders';
import { shutdown } from '../../agent/protocol/handshake';
import type { Bench } from './figure';

/** Connects to the bench's agent, started from the bundle if it does not run yet. */
export function connectBenchAgent(bench: Bench): Promise<AgentConnection> {
  return connectAgent({
    folders: handrailFolders(bench.env),
    client: { id: 'bench', kind: 'test' },
    trusted: true,
    start: {
      command: process.execPath,
      args: [bench.bundle('agent.js')],
      env: { HANDRAIL_HOME: bench.env['HANDRAIL_HOME']! },
    },
  });
}

/** Asks the agent to leave and waits until it is gone. */
export async function stopAgent(connection: AgentConnection): Promise<void> {
  await connection.request(shutdown, { force: true });
  await connection.closed;
  connection.dispose();
}
