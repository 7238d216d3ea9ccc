import type { AgentConnection } from '../../../agent/client/connection';
import { ackLog, logLines, openLog } from '../../../agent/protocol/logs';
import { dockerd, startDocker } from '../../support/engine/dockerd';
import { EngineClient } from '../../support/engine/engineClient';
import { open } from '../../support/engine/ask';
import { mayBeMissing, provide } from '../../support/realSystem';
import { connectBenchAgent, stopAgent } from '../agent';
import { CannotMeasure, type Figure } from '../figure';
import { mediansInTurn, residentMB } from '../measure';

const lines = 1_000_000;
/** Each of 100 bytes with its newline. */
const script = `seq -w 1 ${lines} | sed 's/$/ ${'x'.repeat(91)}/'`;

/** The log of a container that printed 100 MB: all its lines through the agent, against reading them from the engine. */
export const logs100mb: Figure = {
  name: 'logs-100mb',
  async measure(bench) {
    await using undo = new AsyncDisposableStack();
    const engine = undo.use(await dockerOrNot());
    await engine.load('busybox');
    await engine.docker('run', '-d', '--name', 'flood', 'localhost/busybox:1', 'sh', '-c', script);
    await engine.docker('wait', 'flood');
    const connection = await connectBenchAgent(bench);
    undo.defer(() => stopAgent(connection));
    await new EngineClient(connection).list(engine.env);
    const [value, bare] = await mediansInTurn(
      3,
      () => readThrough(connection),
      () => readBare(engine.socket),
    );
    const peak = residentMB(connection.agent.pid, 'VmHWM');
    return [
      {
        name: 'logs-100mb',
        value,
        unit: 'ms',
        budget: 2,
        baseline: { what: 'GET /containers/…/logs', value: bare },
      },
      { name: 'logs-100mb-resident', value: peak, unit: 'MB', budget: 250 },
    ];
  },
};

async function dockerOrNot(): ReturnType<typeof startDocker> {
  try {
    await provide(dockerd);
  } catch (error) {
    if (mayBeMissing(error)) throw new CannotMeasure(error.message);
    throw error;
  }
  return startDocker();
}

async function readThrough(connection: AgentConnection): Promise<number> {
  const start = performance.now();
  const ended = Promise.withResolvers<void>();
  let seen = 0;
  const listening = connection.on(logLines, told => {
    seen += told.lines.length;
    connection.notify(ackLog, { log: told.log, number: told.number });
    if (told.ended) ended.resolve();
  });
  const of = { kind: 'containers' as const, ids: ['flood'] };
  await connection.request(openLog, { endpoint: 'environment', of, range: { follow: false } });
  await ended.promise;
  listening.dispose();
  if (seen !== lines) throw new Error(`${seen} lines came instead of ${lines}`);
  return performance.now() - start;
}

async function readBare(socket: string): Promise<number> {
  const start = performance.now();
  const response = await open(socket, '/v1.41/containers/flood/logs?stdout=1&stderr=1&timestamps=1');
  let bytes = 0;
  for await (const chunk of response) bytes += (chunk as Buffer).length;
  if (bytes < 100 * lines) throw new Error(`${bytes} bytes came`);
  return performance.now() - start;
}
