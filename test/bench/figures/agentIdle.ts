import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { agentStatus } from '../../../agent/protocol/handshake';
import { listRuns } from '../../../agent/protocol/runs';
import { connectBenchAgent, stopAgent } from '../agent';
import { CannotMeasure, type Figure } from '../figure';
import { residentMB } from '../measure';

/** Seconds that the agent is left alone before it is looked at, and of each look. */
const settle = 3;
const watch = 4;

/** An agent with a client and nothing to do. */
export const agentIdle: Figure = {
  name: 'agent-idle',
  async measure(bench) {
    if (!existsSync('/proc/self/task')) throw new CannotMeasure('there is no /proc on this system');
    const connection = await connectBenchAgent(bench);
    try {
      const { pid } = await connection.request(agentStatus, {});
      // As a window leaves it: the history was shown once.
      await connection.request(listRuns, {});
      await delay(settle * 1000);
      // What polls does so in each look; a stray wake-up of V8's own threads does not.
      const looks = [await wakeUpsMeanwhile(pid), await wakeUpsMeanwhile(pid), await wakeUpsMeanwhile(pid)];
      return [
        { name: 'agent-idle', value: residentMB(pid, 'VmRSS'), unit: 'MB', budget: 80 },
        { name: `agent-idle-${watch}s`, value: Math.min(...looks), unit: 'wake-ups', budget: 0 },
      ];
    } finally {
      await stopAgent(connection);
    }
  },
};

async function wakeUpsMeanwhile(pid: number): Promise<number> {
  const before = wakeUps(pid);
  await delay(watch * 1000);
  return wakeUps(pid) - before;
}

/** How often its threads have gone to sleep by themselves: each had been woken before. */
function wakeUps(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map(task => readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8'))
    .map(status => Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]))
    .reduce((sum, count) => sum + count, 0);
}
