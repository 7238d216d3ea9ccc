import { connectAgent } from '../../../agent/client/connectAgent';
import { handrailFolders } from '../../../agent/folders';
import { getRun, listRuns } from '../../../agent/protocol/runs';

async function ask<T>(question: (connection: Awaited<ReturnType<typeof connectAgent>>) => Promise<T> | T) {
  const connection = await connectAgent({
    folders: handrailFolders(process.env),
    client: { id: 'suite', kind: 'test' },
    trusted: false,
  });
  try {
    return await question(connection);
  } finally {
    connection.dispose();
  }
}

/** Process id of the agent that serves this window. Rejects where there is none. */
export function agentPid(): Promise<number> {
  return ask(connection => connection.agent.pid);
}

/** The agent's recorded runs, newest first. */
export function recordedRuns() {
  return ask(async connection => (await connection.request(listRuns, {})).runs);
}

/** A recorded run with its steps. */
export function recordedRun(id: string) {
  return ask(async connection => (await connection.request(getRun, { run: id })).run);
}
