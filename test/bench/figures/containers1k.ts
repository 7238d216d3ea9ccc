import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { AgentConnection } from '../../../agent/client/connection';
import { unwatchEngine } from '../../../agent/protocol/containers';
import { ask } from '../../support/engine/ask';
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
const many = 1000;

/**
 * 1,000 containers of a real engine: from asking for them to having all, each time at an address that the agent does
 * not know. Their changes are measured with a fake one that has as many, and with a real one that has one.
 */
export const containers1k: Figure = {
  name: 'containers-1k',
  async measure(bench) {
    const connection = await connectBenchAgent(bench);
    await using undo = new AsyncDisposableStack();
    undo.defer(() => stopAgent(connection));
    const fake = undo.use(await startFakeEngine(many));
    const client = new EngineClient(connection);
    await watchAll(client, fake.address);
    const change = await latencyOf(client, fake);
    return [
      ...(await realList(client)),
      { name: 'containers-1k-change', value: change, unit: 'ms', budget: 100 },
      ...(await realChange(connection)),
    ];
  },
};

/** Nothing where there is no engine on this machine. */
async function realList(client: EngineClient): Promise<Line[]> {
  if (!(await hasDocker())) return [];
  await using engine = await startDocker();
  await engine.load('busybox');
  await createMany(engine.socket);
  let turn = 0;
  const [value, bare] = await mediansInTurn(
    turns,
    async () => {
      const socket = join(engine.folder, `again-${turn++}.sock`);
      await symlink(engine.socket, socket);
      return watchAll(client, `unix://${socket}`);
    },
    () => listBare(engine.socket),
  );
  const baseline = { what: `GET /containers/json of ${many}`, value: bare };
  return [{ name: 'containers-1k', value, unit: 'ms', budget: 2, baseline }];
}

/** Labelled as compose does it. They do not run: an engine lists those all the same. */
async function createMany(socket: string): Promise<void> {
  const create = async (index: number): Promise<void> => {
    const Labels = {
      'com.docker.compose.project': `project-${index % 20}`,
      'com.docker.compose.service': `service-${index % 7}`,
      'com.docker.compose.config-hash': '0123456789abcdef'.repeat(4),
    };
    const body = JSON.stringify({ Image: 'localhost/busybox:1', Cmd: ['sleep', '1000'], Labels });
    const path = `/v1.41/containers/create?name=one-of-many-${index}`;
    const headers = { 'content-type': 'application/json' };
    const sent = request({ socketPath: socket, method: 'POST', path, headers, agent: false }).end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const said = await text(response);
    if (response.statusCode !== 201) throw new Error(`POST ${path}: ${response.statusCode} ${said}`);
  };
  for (let index = 0; index < many; index += 4) {
    await Promise.all([0, 1, 2, 3].map(more => create(index + more)));
  }
}

async function watchAll(client: EngineClient, address: string): Promise<number> {
  await client.connection.request(unwatchEngine, { endpoint });
  await client.list({ DOCKER_HOST: address });
  client.rows.clear();
  client.complete.clear();
  const start = performance.now();
  await client.watch(endpoint);
  const ms = performance.now() - start;
  if (client.rows.size !== many) throw new Error(`There were ${client.rows.size} rows`);
  return ms;
}

async function listBare(socket: string): Promise<number> {
  const start = performance.now();
  JSON.parse(await ask(socket, '/v1.41/containers/json?all=true'));
  return performance.now() - start;
}

async function hasDocker(): Promise<boolean> {
  try {
    await provide(dockerd);
    return true;
  } catch (error) {
    if (!mayBeMissing(error)) throw error;
    return false;
  }
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
  if (!(await hasDocker())) return [];
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
