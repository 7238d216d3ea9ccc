import { readFile } from 'node:fs/promises';
import * as os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentConnection } from '../../../agent/client/connection';
import { agentStatus } from '../../../agent/protocol/handshake';
import { cancelRun, startRun } from '../../../agent/protocol/runs';
import { connectBenchAgent, stopAgent } from '../agent';
import type { Bench, Figure } from '../figure';
import { residentMB } from '../measure';

const cells = 20;

/** Seconds that they print; long enough for each to pass its limit. */
const time = 12;

/** Twenty cells that print without end, at once: what the agent holds of it in memory. */
export const flood20: Figure = {
  name: 'flood-20',
  async measure(bench) {
    const connection = await connectBenchAgent(bench);
    try {
      const { pid } = await connection.request(agentStatus, {});
      const runs = await Promise.all(
        Array.from({ length: cells }, (_, index) => flood(connection, bench, index)),
      );
      let most = 0;
      for (let i = 0; i < time * 10; i++) {
        await delay(100);
        most = Math.max(most, residentMB(pid, 'VmRSS'));
      }
      await Promise.all(runs.map(run => connection.request(cancelRun, { run })));
      return [{ name: 'flood-20', value: most, unit: 'MB', budget: 150 }];
    } finally {
      await stopAgent(connection);
    }
  },
};

async function flood(connection: AgentConnection, bench: Bench, index: number): Promise<string> {
  const file = await bench.write(
    `flood-${index}.runbook.md`,
    '# Flood\n\n```bash {name=flood}\nyes "a line that never ends to come"\n```\n',
  );
  const { run } = await connection.request(startRun, {
    file,
    text: await readFile(file, 'utf8'),
    selection: { kind: 'all' },
    environment: {
      env: bench.env as Record<string, string>,
      cwd: bench.folder,
      umask: 0o022,
      user: os.userInfo().username,
    },
    by: 'cli',
    session: 'kept',
    attended: false,
  });
  return run.id;
}
