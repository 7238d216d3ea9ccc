import { request } from 'node:http';
import type { AgentConnection } from '../../../agent/client/connection';
import { unwatchEngine } from '../../../agent/protocol/containers';
import { EngineClient } from '../../support/engine/engineClient';
import { dockerd, startDocker } from '../../support/engine/dockerd';
import { type FakeEngine, startFakeEngine } from '../../support/engine/fakeEngine';
import { mayBeMissing, provide } from '../../support/realSystem';
import { waitFor } from '../../support/waitFor';
import { connectBenchAgent, stopAgent } from '../agent';
import { type Figure, type Line } from '../figure';
import { mediansInTurn } from '../measure';

const turns = 7;
const endpoint = 'environment';

/** 1,000 containers: from asking for them to having all, each time with an engine that the agent does not know. */
export const containers1k: Figure = {
  name: 'containers-1k',
  async measure(bench) {
    await using undo = new AsyncDisposableStack();
    const engines: FakeEngine[] = [];
    for (let turn = 0; turn <= turns; turn++) engines.push(undo.use(await startFakeEngine(1000)));
    const connection = await connectBenchAgent(bench);
    undo.defer(() => stopAgent(connection));
    const client = new EngineClient(connection);
    let turn = 0;
    const [value, bare] = await mediansInTurn(
      turns,
      () => watchAll(client, engines[turn]!),
      () => listBare(engines[turn++]!),
    );
    const baseline = { what: 'GET /containers/json', value: bare };
    const change = await latencyOf(client, engines.at(-1)!);
    return [
      { name: 'containers-1k', value, unit: 'ms', budget: 2, baseline },
      { name: 'containers-1k-change', value: change, unit: 'ms', budget: 100 },
      ...(await realChange(connection)),
    ];
  },
};

async function watchAll(client: EngineClient, engine: FakeEngine): Promise<number> {
  await client.connection.request(unwatchEngine, { endpoint });
  await client.list({ DOCKER_HOST: engine.address });
  client.rows.clear();
  client.complete.clear();
  const start = performance.now();
  await client.watch(endpoint);
  const ms = performance.now() - start;
  if (client.rows.size !== 1000) throw new Error(`There were ${client.rows.size} rows`);
  return ms;
}

function listBare(engine: FakeEngine): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const options = { socketPath: engine.socket, path: '/v1.41/containers/json?all=true', agent: false };
    const asked = request(options, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        JSON.parse(Buffer.concat(chunks).toString());
        resolve(performance.now() - start);
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** From the engine's event to the row at the client. */
async function latencyOf(client: EngineClient, engine: FakeEngine): Promise<number> {
  const values: number[] = [];
  const [, { id }] = [...client.rows].find(([, row]) => row.kind === 'container' && row.state === 'running')!;
  for (let turn = 0; turn < 20; turn++) {
    const wanted = turn % 2 === 0 ? 'paused' : 'running';
    const at = engine.tell(turn % 2 === 0 ? 'pause' : 'unpause', id);
    await waitFor('the change', () => {
      const row = client.rows.get(`container ${id}`);
      return row?.kind === 'container' && row.state === wanted;
    });
    values.push(client.changedAt - at);
  }
  return values.sort((a, b) => a - b)[values.length - 2]!;
}

/** The same with a real engine. */
async function realChange(connection: AgentConnection): Promise<Line[]> {
  try {
    await provide(dockerd);
  } catch (error) {
    if (!mayBeMissing(error)) throw error;
    return [];
  }
  await using engine = await startDocker();
  await engine.load('busybox');
  await engine.docker('run', '-d', '--name', 'one', 'localhost/busybox:1', 'sleep', '1000');
  const client = new EngineClient(connection);
  await client.list(engine.env);
  await client.watch(endpoint);
  const values: number[] = [];
  for (let turn = 0; turn < 6; turn++) {
    const wanted = turn % 2 === 0 ? 'paused' : 'running';
    await engine.docker(turn % 2 === 0 ? 'pause' : 'unpause', 'one');
    await waitFor('the change', () => client.container('one')?.state === wanted);
    // The event's own time is what `since` holds.
    values.push(client.changedAt - client.container('one')!.since!);
  }
  return [{ name: 'containers-change-real', value: Math.max(...values), unit: 'ms', budget: 100 }];
}
