import { dirname } from 'node:path';
import { connectAgent } from '../../../agent/client/connectAgent';
import { handrailFolders } from '../../../agent/folders';
import { getRun, listRuns, startRun } from '../../../agent/protocol/runs';

async function ask<T>(
  question: (connection: Awaited<ReturnType<typeof connectAgent>>) => Promise<T> | T,
  trusted = false,
) {
  const connection = await connectAgent({
    folders: handrailFolders(process.env),
    client: { id: 'suite', kind: 'test' },
    trusted,
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

/** Runs cells of a runbook as another window would, in the session that this one has too; gives the run's id. */
export function runElsewhere(file: string, text: string, indexes: number[]) {
  return ask(async connection => {
    const environment = {
      env: { PATH: process.env['PATH'] ?? '' },
      cwd: dirname(file),
      umask: 0o022,
      user: 'ana',
    };
    const { run } = await connection.request(startRun, {
      ...{ file, text, environment, selection: { kind: 'cells', indexes } },
      ...{ by: 'editor', session: 'kept', attended: false },
    });
    return run.id;
  }, true);
}
