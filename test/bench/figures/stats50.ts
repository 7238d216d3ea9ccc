import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { statsChanged, watchStats } from '../../../agent/protocol/containers';
import { agentStatus } from '../../../agent/protocol/handshake';
import { EngineClient } from '../../support/engine/engineClient';
import { startFakeEngine } from '../../support/engine/fakeEngine';
import { waitFor } from '../../support/waitFor';
import { connectBenchAgent, stopAgent } from '../agent';
import { CannotMeasure, type Figure } from '../figure';

const rows = 50;
const seconds = 10;
/** Of the system's clock for processes, on every Linux. */
const ticksPerSecond = 100;

/** What of a core the agent takes to follow the usage of 50 containers. */
export const stats50: Figure = {
  name: 'stats-50',
  async measure(bench) {
    if (!existsSync('/proc/self/stat')) throw new CannotMeasure('there is no /proc on this system');
    await using engine = await startFakeEngine(rows);
    const connection = await connectBenchAgent(bench);
    try {
      const client = new EngineClient(connection);
      await client.list({ DOCKER_HOST: engine.address });
      await client.watch('environment');
      const told = new Set<string>();
      connection.on(statsChanged, ({ stats }) => stats.forEach(({ id }) => told.add(id)));
      await connection.request(watchStats, { endpoint: 'environment', containers: [...engine.ids] });
      await waitFor('all to be told', () => told.size === rows, 20_000);
      await delay(2000);
      const { pid } = await connection.request(agentStatus, {});
      const before = ticks(pid);
      await delay(seconds * 1000);
      const value = ((ticks(pid) - before) / ticksPerSecond / seconds) * 100;
      return [{ name: 'stats-50', value, unit: '% of a core', budget: 5 }];
    } finally {
      await stopAgent(connection);
    }
  },
};

/** Time that a process has had, of its own and of the system; proc(5). */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
