import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  actionCommand,
  actOn,
  execIn,
  type ContainerLook,
  type EngineAction,
  previewPrune,
  prune,
  pullImage,
  runImage,
} from '../../../agent/protocol/containerActions';
import {
  inspectObject,
  listProcesses,
  statsChanged,
  watchEngine,
  watchStats,
} from '../../../agent/protocol/containers';
import { endpointsChanged, listEndpoints } from '../../../agent/protocol/endpoints';
import { closeStream, resizeStream, streamWindow, writeStream } from '../../../agent/protocol/streams';
import { dockerd, startDocker } from '../../support/engine/dockerd';
import type { RealEngine } from '../../support/engine/engine';
import { EngineClient } from '../../support/engine/engineClient';
import { needs } from '../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../support/scriptedAgent';
import { waitFor } from '../../support/waitFor';

const image = 'localhost/busybox:1';
const endpoint = 'environment';
const by = 'ana via test';

describe('container engines through the agent', function () {
  this.timeout(120_000);
  before(needs(dockerd));
  let engine: RealEngine;
  let agent: ScriptedAgent;
  let client: EngineClient;
  before(async function () {
    this.timeout(300_000);
    engine = await startDocker();
    await engine.load('busybox', 'bash');
  });
  after(() => engine[Symbol.asyncDispose]());
  beforeEach(async () => {
    agent = await startScriptedAgent();
    client = new EngineClient(await agent.connect());
    await client.list(engine.env);
  });
  afterEach(async () => {
    client.connection.dispose();
    await agent.agent.closeAreas();
    await agent[Symbol.asyncDispose]();
    const all = await engine.docker('ps', '-aq');
    if (all !== '') await engine.docker('rm', '-fv', ...all.split('\n'));
  });

  const run = (name: string, ...more: string[]) =>
    engine.docker('run', '-d', '--stop-timeout', '1', '--name', name, ...more, image, 'sleep', '1000');
  const does = async (action: EngineAction, ...ids: string[]) =>
    (await client.connection.request(actOn, { endpoint, action, ids, by })).outcomes;
  const auditRows = () => agent.agent.engine().store.audit.list({ limit: 20 });

  it('are listed without being contacted, and not for a workspace that is not trusted', async () => {
    const [found] = await client.list(engine.env);
    assert.equal(found?.id, endpoint);
    assert.equal(found.state.kind, 'idle');
    assert.equal(found.current, true);
    const untrusted = await agent.connect(false);
    await assert.rejects(untrusted.request(listEndpoints, { environment: {} }), /not trusted/);
    await assert.rejects(untrusted.request(watchEngine, { endpoint, kinds: ['container'] }), /not trusted/);
    untrusted.dispose();
    await assert.rejects(
      client.connection.request(watchEngine, { endpoint: 'context:no', kinds: ['image'] }),
      /no container engine context:no/,
    );
  });

  it('tell when others are there', async () => {
    const home = join(agent.folders.data, '..');
    const meta = join(home, '.docker', 'contexts', 'meta', 'x');
    await client.list({ HOME: home });
    const told = new Promise<void>(resolve => client.connection.on(endpointsChanged, () => resolve()));
    await mkdir(meta, { recursive: true });
    await writeFile(join(meta, 'meta.json'), '{');
    await told;
    const { problems } = await client.connection.request(listEndpoints, { environment: { HOME: home } });
    assert.match(problems[0]?.message ?? '', /no JSON: line 1, column 2/);
  });

  it('tell rows and changes, the latest only to a client that is slow', async () => {
    await run('first');
    // What happened in the second of the greeting is told as an event, which would be one change more.
    const started = Date.now();
    await waitFor('another second', () => Date.now() > started + 1100);
    await client.watch(endpoint, ['container', 'image']);
    await waitFor('the connection', () => client.states.get(endpoint)?.kind === 'connected');
    assert.equal(client.container('first')?.state, 'running');
    client.takes = false;
    await engine.docker('pause', 'first');
    await waitFor('one change', () => client.container('first')?.state === 'paused');
    const { notifications } = client;
    for (let turn = 0; turn < 3; turn++)
      await engine.docker('rename', 'first', 'second').then(() => engine.docker('rename', 'second', 'first'));
    await engine.docker('rename', 'first', 'last');
    assert.equal(client.notifications, notifications, 'nothing more before it is acknowledged');
  });

  it('lose an image with all its names, but none of them while it is in use', async () => {
    await engine.docker('tag', image, 'localhost/twice:1');
    await engine.docker('tag', image, 'localhost/twice:2');
    await run('user');
    const id = await engine.docker('inspect', '--format', '{{.Id}}', 'localhost/twice:1');
    const [used] = await does({ do: 'removeImage', force: false }, id);
    assert.deepEqual([used?.outcome, used?.message], ['failed', 'It is used by user']);
    await engine.docker('inspect', 'localhost/twice:2');
    await engine.docker('rm', '-f', 'user');
    const [gone] = await does({ do: 'removeImage', force: false }, id);
    assert.equal(gone?.outcome, 'done', gone?.message);
    await assert.rejects(engine.docker('inspect', 'localhost/twice:2'));
    await engine.load('busybox');
  });

  it('are acted on, each thing with its outcome, and all of it is in the audit log', async () => {
    await run('a1');
    await run('a2');
    await client.watch(endpoint);
    const [a1, a2] = ['a1', 'a2'].map(name => client.container(name)!.id) as [string, string];
    assert.deepEqual(
      (await does({ do: 'start' }, a1, a2)).map(({ outcome, name }) => [name, outcome]),
      [
        ['a1', 'unchanged'],
        ['a2', 'unchanged'],
      ],
    );
    const none = '0'.repeat(64);
    const [stopped, gone] = await does({ do: 'stop', seconds: 0 }, a1, none);
    assert.equal(stopped?.outcome, 'done');
    assert.equal(gone?.outcome, 'failed');
    assert.match(gone.message ?? '', /not there any more/);
    const [removed] = await does({ do: 'remove', force: false, volumes: false }, a2);
    assert.equal(removed?.outcome, 'failed');
    assert.match(removed.hint ?? '', /with force/);
    assert.equal((await does({ do: 'pause' }, a2))[0]?.outcome, 'done');
    assert.equal((await does({ do: 'pause' }, a2))[0]?.outcome, 'unchanged');
    assert.equal((await does({ do: 'unpause' }, a2))[0]?.outcome, 'done');
    assert.equal((await does({ do: 'rename', name: 'other' }, a2))[0]?.outcome, 'done');
    assert.equal((await does({ do: 'kill', signal: 'SIGKILL' }, a2))[0]?.outcome, 'done');
    assert.match(
      (await does({ do: 'kill', signal: 'SIGNO' }, a2))[0]?.message ?? '',
      /[Ii]nvalid signal|not running/,
    );
    assert.equal((await does({ do: 'restart' }, a2))[0]?.outcome, 'done');
    assert.equal(
      (await does({ do: 'remove', force: true, volumes: true }, a1, a2)).filter(
        ({ outcome }) => outcome === 'done',
      ).length,
      2,
    );
    await waitFor('both to be gone', () => client.rows.size === 0);
    const [last] = auditRows();
    assert.equal(last?.action, 'container.remove.ended');
    assert.equal(last.actor, `${by} via test`);
    assert.equal(last.details['outcome'], 'done');
    assert.equal(last.details['address'], engine.address);
    assert.equal(agent.agent.engine().store.audit.verify().broken, undefined);
  });

  it('do to images, volumes and networks what is asked', async () => {
    await engine.docker('volume', 'create', 'vol');
    await engine.docker('network', 'create', 'net');
    await run('user', '-v', 'vol:/v', '--network', 'net');
    const net = await engine.docker('network', 'inspect', '--format', '{{.Id}}', 'net');
    assert.match(
      (await does({ do: 'removeVolume', force: false }, 'vol'))[0]?.hint ?? '',
      /containers that use it/,
    );
    assert.equal((await does({ do: 'removeNetwork' }, net))[0]?.outcome, 'failed');
    await engine.docker('rm', '-f', 'user');
    assert.equal((await does({ do: 'removeVolume', force: false }, 'vol'))[0]?.outcome, 'done');
    assert.equal((await does({ do: 'removeNetwork' }, net))[0]?.outcome, 'done');
    assert.equal((await does({ do: 'tagImage', tag: 'localhost:5000/x:2' }, image))[0]?.outcome, 'done');
    assert.equal((await does({ do: 'removeImage', force: false }, 'localhost:5000/x:2'))[0]?.outcome, 'done');
  });

  it('show actions as commands', async () => {
    await run('it', '--label', 'x=1');
    await client.watch(endpoint);
    const { id } = client.container('it')!;
    const commands = async (action: EngineAction | ContainerLook) =>
      (await client.connection.request(actionCommand, { endpoint, action, ids: [id] })).commands;
    assert.deepEqual(await commands({ do: 'stop', seconds: 3 }), [
      `docker --host ${engine.address} stop --time 3 it`,
    ]);
    assert.deepEqual(await commands({ do: 'remove', force: true, volumes: true }), [
      `docker --host ${engine.address} rm --force --volumes it`,
    ]);
    assert.deepEqual(
      [...(await commands({ do: 'logs' })), ...(await commands({ do: 'shell' }))],
      ['logs --follow --tail 1000 it', 'exec --interactive --tty it sh'].map(
        words => `docker --host ${engine.address} ${words}`,
      ),
    );
  });

  it('say what pruning would take away, and prune', async () => {
    await engine.docker('create', '--name', 'old', image);
    await engine.docker('volume', 'create', 'unused');
    const preview = (
      kind: 'containers' | 'volumes' | 'networks' | 'danglingImages' | 'buildCache' | 'images',
    ) => client.connection.request(previewPrune, { endpoint, kind });
    assert.deepEqual((await preview('containers')).names, ['old']);
    assert.match((await preview('containers')).command, /container prune --force$/);
    assert.deepEqual((await client.connection.request(prune, { endpoint, kind: 'containers', by })).count, 1);
    assert.deepEqual((await preview('volumes')).names, ['unused']);
    assert.equal((await client.connection.request(prune, { endpoint, kind: 'volumes', by })).count, 1);
    assert.equal((await preview('volumes')).count, 0);
    for (const kind of ['networks', 'danglingImages', 'buildCache'] as const)
      assert.equal((await preview(kind)).count, 0);
    const images = await preview('images');
    assert.ok(images.count >= 2 && images.bytes! > 1e6);
  });

  it('are inspected, and tell processes', async () => {
    const id = await run('it');
    const { found } = await client.connection.request(inspectObject, { endpoint, kind: 'container', id });
    assert.equal(found['Name'], '/it');
    const { titles, processes } = await client.connection.request(listProcesses, { endpoint, container: id });
    assert.ok(processes[0]?.[titles.findIndex(title => /CMD|COMMAND/.test(title))]?.includes('sleep'));
    await assert.rejects(
      client.connection.request(inspectObject, { endpoint, kind: 'image', id: 'no' }),
      /[Nn]o such image/,
    );
  });

  it('run an image with ports, variables and mounts', async () => {
    await client.watch(endpoint);
    const { id } = await client.connection.request(runImage, {
      endpoint,
      image,
      name: 'made',
      command: ['sh', '-c', 'echo "$GREETING" > /data/said; sleep 100'],
      env: { GREETING: 'a b' },
      publish: ['127.0.0.1::80', '127.0.0.1:0:90/udp'],
      mounts: ['made-data:/data'],
      by,
    });
    const row = await waitFor('it', () => {
      const made = client.container('made');
      return made?.ports.length === 2 ? made : undefined;
    });
    assert.equal(row.id, id);
    assert.deepEqual(
      row.ports.map(port => `${port.ip}:${port.private}/${port.protocol}`),
      ['127.0.0.1:80/tcp', '127.0.0.1:90/udp'],
    );
    await waitFor(
      'what it says',
      async () => (await engine.docker('exec', 'made', 'cat', '/data/said').catch(() => '')) === 'a b',
    );
    const again = { endpoint, image, name: 'made', by };
    await assert.rejects(client.connection.request(runImage, again), /already in use/);
    await assert.rejects(
      client.connection.request(runImage, { ...again, name: 'x', publish: ['80:a'] }),
      /80:a is no port/,
    );
    await assert.rejects(
      client.connection.request(runImage, { ...again, name: 'y', image: 'localhost/no:1' }),
      /[Nn]o such image/,
    );
    // What does not start is not left there.
    await assert.rejects(
      client.connection.request(runImage, { ...again, name: 'z', command: ['/no/program'] }),
    );
    assert.equal(client.container('z'), undefined);
  });

  it('tell of a pull that fails', async () => {
    const request = { endpoint, reference: 'localhost:1/none:1', by };
    await assert.rejects(
      client.connection.request(pullImage, request).then(async ({ stream }) => {
        const { message } = await client.ended(stream);
        throw new Error(message);
      }),
      /connection refused|connect/,
    );
    await waitFor('the audit row', () => auditRows()[0]?.details['outcome'] === 'failed');
  });

  it('run commands, with output apart, input and exit code', async () => {
    const container = await run('it');
    const command = ['sh', '-c', 'echo out; echo err >&2; read x; echo "got $x"; exit 7'];
    const { stream } = await client.connection.request(execIn, { endpoint, container, command, by });
    await waitFor('its output', () => client.stream(stream).out === 'out\n');
    await client.connection.request(writeStream, { stream, data: Buffer.from('größe\n').toString('base64') });
    assert.deepEqual(await client.ended(stream), { exit: 7 });
    assert.equal(client.stream(stream).out, 'out\ngot größe\n');
    assert.equal(client.stream(stream).err, 'err\n');
    await assert.rejects(client.connection.request(closeStream, { stream }), /has ended/);
    await waitFor(
      'the audit row',
      () => auditRows()[0]?.action === 'container.exec.ended' && auditRows()[0]?.details['exit'] === 7,
    );
  });

  it('give a terminal with the best shell there is, of the size it is given', async () => {
    await engine.docker('run', '-d', '--name', 'bashful', 'localhost/bash:1', 'sleep', '1000');
    const plain = await run('plain');
    const terminal = { columns: 91, rows: 33 };
    const shell = await client.connection.request(execIn, { endpoint, container: 'bashful', terminal, by });
    assert.match(shell.command[0] ?? '', /\/bash$/);
    const type = (stream: number, text: string) =>
      client.connection.request(writeStream, { stream, data: Buffer.from(text).toString('base64') });
    const hasSize = async (size: string) => {
      await type(shell.stream, 'stty size\n');
      return client.stream(shell.stream).out.includes(size);
    };
    await waitFor('its size', () => hasSize('33 91'));
    await client.connection.request(resizeStream, { stream: shell.stream, columns: 100, rows: 20 });
    await waitFor('its new size', () => hasSize('20 100'));
    await type(shell.stream, 'exit 3\n');
    assert.deepEqual(await client.ended(shell.stream), { exit: 3 });
    const other = await client.connection.request(execIn, { endpoint, container: plain, terminal, by });
    assert.match(other.command[0] ?? '', /sh$/);
    await client.connection.request(closeStream, { stream: other.stream });
    await client.ended(other.stream);
  });

  it('say that a container has gone under its shell', async () => {
    const container = await run('doomed');
    const terminal = { columns: 80, rows: 24 };
    const { stream } = await client.connection.request(execIn, { endpoint, container, terminal, by });
    await waitFor('its prompt', () => client.stream(stream).out !== '');
    await engine.docker('rm', '-f', 'doomed');
    const end = await client.ended(stream);
    assert.match(end.message ?? '', /removed|ended/, JSON.stringify(end));
  });

  it('send no more than the window ahead of a client that does not read', async () => {
    const container = await run('loud');
    client.takes = false;
    const command = ['sh', '-c', 'dd if=/dev/zero bs=65536 count=1000 2>/dev/null'];
    const { stream } = await client.connection.request(execIn, { endpoint, container, command, by });
    await waitFor('the window', () => client.stream(stream).bytes > streamWindow - 65_536 * 2);
    await new Promise(resolve => setTimeout(resolve, 200));
    assert.ok(client.stream(stream).bytes <= streamWindow);
    await client.connection.request(closeStream, { stream });
  });

  it('end what a client has open when it goes', async () => {
    const container = await run('it');
    const other = new EngineClient(await agent.connect());
    await other.list(engine.env);
    await other.connection.request(execIn, { endpoint, container, terminal: { columns: 80, rows: 24 }, by });
    const shells = async () => (await engine.docker('top', 'it')).split('\n').length - 2;
    // And what ends it when its client has gone.
    await waitFor('its shell', async () => (await shells()) >= 1);
    other.connection.dispose();
    await waitFor('its shell to end', async () => (await shells()) === 0);
  });

  it('tell what visible containers use, and no others', async () => {
    const busy = await engine.docker('run', '-d', '--name', 'busy', image, 'sh', '-c', 'while :; do :; done');
    await run('idle');
    await client.watch(endpoint);
    const told: { id: string; cpu: number; memory: number }[] = [];
    client.connection.on(statsChanged, ({ stats }) => void told.push(...stats));
    await client.connection.request(watchStats, { endpoint, containers: [busy] });
    await waitFor('use of a processor', () => told.some(({ cpu, memory }) => cpu > 20 && memory > 0), 20_000);
    assert.ok(told.every(({ id }) => id === busy));
    await client.connection.request(watchStats, { endpoint, containers: [] });
    await new Promise(resolve => setTimeout(resolve, 1100));
    const before = told.length;
    await new Promise(resolve => setTimeout(resolve, 1500));
    assert.equal(told.length, before);
  });

  it('go on telling what others use when one has gone', async () => {
    const [doomed, other] = [await run('measured'), await run('other')];
    await client.watch(endpoint);
    const told: string[] = [];
    client.connection.on(statsChanged, ({ stats }) => void told.push(...stats.map(({ id }) => id)));
    await client.connection.request(watchStats, { endpoint, containers: [doomed, other] });
    await waitFor('use of both', () => told.includes(doomed) && told.includes(other), 20_000);
    await engine.docker('rm', '-f', 'measured');
    await waitFor(
      'use of the other alone',
      () => {
        const last = told.slice(-3);
        return last.length === 3 && last.every(id => id === other);
      },
      20_000,
    );
    await client.connection.request(watchStats, { endpoint, containers: [] });
  });
});
