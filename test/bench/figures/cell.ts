import { readFile } from 'node:fs/promises';
import * as os from 'node:os';
import type { AgentConnection } from '../../../agent/client/connection';
import { runsChanged, startRun, watchRuns } from '../../../agent/protocol/runs';
import { connectBenchAgent, stopAgent } from '../agent';
import type { Bench, Figure } from '../figure';
import { mediansInTurn, measureProcess } from '../measure';

/** One cell on a warm agent, from the request to the event that it ended, against spawning `bash -c :`. */
export const cell: Figure = {
  name: 'cell',
  async measure(bench) {
    const file = await bench.write('cell.runbook.md', '# Cell\n\n```bash {name=cell}\n:\n```\n');
    const text = await readFile(file, 'utf8');
    const connection = await connectBenchAgent(bench);
    try {
      await connection.request(watchRuns, {});
      const [value, bare] = await mediansInTurn(
        40,
        () => runOnce(connection, bench, file, text),
        async () => (await measureProcess('bash', ['-c', ':'], bench.env)).ms,
      );
      return [{ name: 'cell', value, unit: 'ms', budget: 5, baseline: { what: 'bash -c :', value: bare } }];
    } finally {
      await stopAgent(connection);
    }
  },
};

async function runOnce(
  connection: AgentConnection,
  bench: Bench,
  file: string,
  text: string,
): Promise<number> {
  const start = performance.now();
  const ended = new Set<string>();
  let hear = () => {};
  const listening = connection.on(runsChanged, ({ runs }) => {
    for (const { run, steps } of runs) {
      if (steps.some(step => step.state !== 'pending' && step.state !== 'running')) ended.add(run.id);
    }
    hear();
  });
  const { run } = await connection.request(startRun, {
    file,
    text,
    selection: { kind: 'cells', indexes: [0] },
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
  while (!ended.has(run.id)) await new Promise<void>(resolve => (hear = resolve));
  listening.dispose();
  return performance.now() - start;
}
