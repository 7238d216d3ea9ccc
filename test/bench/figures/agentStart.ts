import { connectBenchAgent, stopAgent } from '../agent';
import type { Figure } from '../figure';
import { measureProcess, mediansInTurn } from '../measure';

/** From nothing to a finished handshake, against Node doing nothing. */
export const agentStart: Figure = {
  name: 'agent-start',
  async measure(bench) {
    const [value, bare] = await mediansInTurn(
      7,
      async () => {
        const start = performance.now();
        const connection = await connectBenchAgent(bench);
        const ms = performance.now() - start;
        await stopAgent(connection);
        return ms;
      },
      async () => (await measureProcess(process.execPath, ['-e', '0'], bench.env)).ms,
    );
    return [
      { name: 'agent-start', value, unit: 'ms', budget: 6, baseline: { what: 'node -e 0', value: bare } },
    ];
  },
};
