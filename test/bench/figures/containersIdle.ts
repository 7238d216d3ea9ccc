import { setTimeout as delay } from 'node:timers/promises';
import { agentStatus } from '../../../agent/protocol/handshake';
import { EngineClient } from '../../support/engine/engineClient';
import { startFakeEngine } from '../../support/engine/fakeEngine';
import { connectBenchAgent, stopAgent } from '../agent';
import type { Figure } from '../figure';
import { residentMB } from '../measure';

/** Seconds that nothing happens. */
const quiet = 60;

/** What is asked of a watched engine in which nothing happens. */
export const containersIdle: Figure = {
  name: 'containers-idle',
  async measure(bench) {
    await using engine = await startFakeEngine(1000);
    const connection = await connectBenchAgent(bench);
    try {
      const client = new EngineClient(connection);
      await client.list({ DOCKER_HOST: engine.address });
      await client.watch('environment', ['container', 'image', 'volume', 'network']);
      await delay(1000);
      const before = engine.requests.length;
      await delay(quiet * 1000);
      const { pid } = await connection.request(agentStatus, {});
      return [
        { name: 'containers-idle', value: engine.requests.length - before, unit: 'requests', budget: 0 },
        { name: 'containers-idle-memory', value: residentMB(pid, 'VmRSS'), unit: 'MB', budget: 150 },
      ];
    } finally {
      await stopAgent(connection);
    }
  },
};
