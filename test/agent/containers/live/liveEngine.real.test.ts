import assert from 'node:assert/strict';
import { chmod, rename } from 'node:fs/promises';
import { createServer, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { needs } from '../../../support/realSystem';
import { waitFor } from '../../../support/waitFor';
import { endpointAt, WatchedEngine } from './watchedEngine';

const image = 'localhost/busybox:1';

describe('a Docker engine, watched', function () {
  this.timeout(120_000);
  before(needs(dockerd));
  let engine: RealEngine;
  before(async function () {
    this.timeout(300_000);
    engine = await startDocker({ liveRestore: true });
    await engine.load('busybox', 'healthy');
  });
  after(() => engine[Symbol.asyncDispose]());
  afterEach(async () => {
    const all = await engine.docker('ps', '-aq');
    if (all !== '') await engine.docker('rm', '-fv', ...all.split('\n'));
  });

  const watched = async (): Promise<WatchedEngine> => {
    const found = new WatchedEngine(endpointAt(engine.address));
    await found.is('connected');
    return found;
  };
  /** What happened in the second of the greeting is told as an event. */
  const anotherSecond = () => {
    const now = Date.now();
    return waitFor('another second', () => Date.now() > now + 1100);
  };
  const run = (name: string, ...more: string[]) =>
    engine.docker('run', '-d', '--stop-timeout', '1', '--name', name, ...more, image, 'sleep', '1000');

  it('tells all rows, then what changes', async () => {
    await run(
      'first',
      '-v',
      'data:/data',
      '--label',
      'com.docker.compose.project=shop',
      '-p',
      '127.0.0.1::80',
    );
    using seen = await watched();
    assert.deepEqual([...seen.complete].sort(), ['container', 'image', 'network', 'volume']);
    const { state } = seen;
    assert.ok(state.kind === 'connected' && state.engine === 'docker' && /^\d+\.\d+$/.test(state.api));
    const first = seen.container('first')!;
    assert.equal(first.project, 'shop');
    assert.equal(first.ports[0]?.private, 80);
    assert.deepEqual(seen.all('volume').find(({ id }) => id === 'data')?.usedBy, [first.id]);
    assert.deepEqual(seen.all('image').find(({ tags }) => tags.includes(image))?.usedBy, [first.id]);
    assert.deepEqual(seen.all('network').find(({ name }) => name === 'bridge')?.usedBy, [first.id]);

    await run('second');
    await waitFor('the second', () => seen.container('second')?.state === 'running');
    await engine.docker('pause', 'second');
    await waitFor('its pause', () => seen.container('second')?.state === 'paused');
    await engine.docker('unpause', 'second');
    await engine.docker('rename', 'second', 'other');
    await waitFor('its name', () => seen.container('other')?.state === 'running');
    await engine.docker('update', '--memory', '64m', '--memory-swap', '64m', 'other');
    await engine.docker('kill', 'other');
    await waitFor('its end', () => seen.container('other')?.exit === 137);
    await engine.docker('network', 'create', 'own');
    await engine.docker('network', 'connect', 'own', 'first');
    await waitFor(
      'its network',
      () => seen.all('network').find(({ name }) => name === 'own')?.usedBy[0] === first.id,
    );
    await engine.docker('rm', '-f', 'other', 'first');
    await engine.docker('volume', 'rm', 'data');
    await engine.docker('network', 'prune', '-f');
    await waitFor(
      'all to be gone',
      () => seen.all('container').length === 0 && seen.all('volume').length === 0,
    );
    await waitFor('the network to be gone', () => !seen.all('network').some(({ name }) => name === 'own'));
    await engine.docker('tag', image, 'localhost/new:2');
    await waitFor('the tag', () => seen.all('image').some(({ tags }) => tags.includes('localhost/new:2')));
    await engine.docker('rmi', 'localhost/new:2');
    await waitFor('no tag', () => !seen.all('image').some(({ tags }) => tags.includes('localhost/new:2')));
    assert.deepEqual(seen.bugs, []);
  });

  it('tells since when by events, and roughly where it was not there', async () => {
    await run('before');
    const started = Date.now();
    await anotherSecond();
    using seen = await watched();
    assert.equal(seen.container('before')?.coarse, true);
    assert.ok(Math.abs(seen.container('before')!.since! - started) < 3000);
    const begun = Date.now();
    await run('after');
    const after = await waitFor('its start', () => {
      const row = seen.container('after');
      return row?.state === 'running' ? row : undefined;
    });
    assert.equal(after.coarse, undefined);
    assert.ok(after.since! >= begun - 50 && after.since! <= Date.now() + 50);
    // Whoever pauses it does not make it younger.
    await engine.docker('pause', 'after');
    const paused = await waitFor('its pause', () => {
      const row = seen.container('after');
      return row?.state === 'paused' ? row : undefined;
    });
    await engine.docker('unpause', 'after');
    const again = await waitFor('its going on', () => {
      const row = seen.container('after');
      return row?.state === 'running' ? row : undefined;
    });
    assert.deepEqual([paused.since, again.since], [after.since, after.since]);
  });

  it('tells of health and of being started again', async () => {
    using seen = await watched();
    await engine.docker('run', '-d', '--name', 'well', 'localhost/healthy:1', 'sleep', '1000');
    await waitFor('health', () => seen.container('well')?.health === 'healthy');
    await engine.docker('exec', 'well', 'touch', '/sick');
    await waitFor('sickness', () => seen.container('well')?.health === 'unhealthy');
    await engine.docker('run', '-d', '--name', 'again', '--restart', 'always', image, 'false');
    await waitFor('restarts', () => (seen.container('again')?.restarts ?? 0) > 0);
  });

  it('asks nothing while nothing happens, and once for many events of one thing', async () => {
    await run('busy');
    await anotherSecond();
    using seen = await watched();
    const asked: string[] = [];
    const { docker } = await seen.connection.connect();
    const modem = docker.modem as { dial(...args: [{ path: string }, unknown]): void };
    const dial = modem.dial.bind(modem);
    modem.dial = (...args) => {
      asked.push(args[0].path);
      dial(...args);
    };
    const told = seen.told;
    await new Promise(resolve => setTimeout(resolve, 1500));
    assert.deepEqual(asked, []);
    await engine.docker('restart', '-t', '0', 'busy');
    await waitFor('the restart', () => seen.told > told);
    await new Promise(resolve => setTimeout(resolve, 500));
    // On a slow machine the events of one restart come in several lots.
    assert.ok(asked.length <= 12, asked.join(' '));
  });

  it('comes back after the engine was killed, with differences only', async () => {
    await run('stays');
    await run('goes');
    await anotherSecond();
    using seen = await watched();
    await engine.kill();
    await waitFor('the loss', () => seen.states.some(({ kind }) => kind === 'failed'));
    assert.equal(seen.all('container').length, 2);
    const told = seen.told;
    await engine.start();
    await seen.is('connected');
    assert.equal(seen.told, told, 'nothing was different');
    assert.equal(seen.container('stays')?.state, 'running');
    await engine.docker('rm', '-f', 'goes');
    await waitFor('the end', () => seen.container('goes') === undefined);
  });

  it('sees what happened while it was away', async () => {
    await run('aa');
    // What goes between us and the engine, and can be cut.
    await using proxy = await openProxy(engine.socket, join(engine.folder, 'proxy.sock'));
    using seen = new WatchedEngine(endpointAt(`unix://${proxy.path}`));
    await seen.is('connected');
    proxy.cut();
    await run('bb');
    await engine.docker('stop', '-t', '0', 'aa');
    proxy.mend();
    await waitFor(
      'both',
      () => seen.container('bb')?.state === 'running' && seen.container('aa')?.state === 'exited',
      20_000,
    );
    assert.equal(seen.container('aa')?.coarse, undefined, 'the event was told again');
  });

  it('puts events together that come in pieces', async () => {
    await using proxy = await openProxy(engine.socket, join(engine.folder, 'pieces.sock'), 7);
    using seen = new WatchedEngine(endpointAt(`unix://${proxy.path}`), ['container']);
    await seen.is('connected');
    await run('pieces', '--label', 'x=\u{1F40B}"\n{}');
    await waitFor('it', () => seen.container('pieces')?.labels['x'] === '\u{1F40B}"\n{}');
  });

  it('tells that it does not answer, and comes back by itself', async () => {
    await run('aa');
    using seen = await watched();
    await engine.freeze();
    await assert.rejects(
      seen.connection.use(docker => docker.getContainer('aa').inspect()),
      /does not answer/,
    );
    await seen.is('failed');
    assert.ok(seen.state.kind === 'failed' && seen.state.trouble === 'silent' && seen.state.retryAt! > 0);
    await engine.thaw();
    await seen.is('connected', 30_000);
    assert.equal(seen.container('aa')?.state, 'running');
  });

  it('tells that its socket has gone, and sees it come back', async () => {
    await engine.stop();
    using seen = new WatchedEngine(endpointAt(engine.address));
    await seen.is('failed');
    assert.ok(
      seen.state.kind === 'failed' && /notThere|refused/.test(seen.state.trouble),
      JSON.stringify(seen.state),
    );
    assert.match(seen.state.hint ?? '', /systemctl start docker/);
    await engine.start();
    await seen.is('connected');
    // Removed under a running engine: what is open goes on.
    await rename(engine.socket, `${engine.socket}.away`);
    seen.connection.close();
    await waitFor('trouble', () => seen.state.kind === 'failed' && seen.state.trouble === 'notThere');
    await rename(`${engine.socket}.away`, engine.socket);
    await seen.is('connected');
    await chmod(engine.socket, 0o660);
  });

  it('bears a label of 10 MB, and keeps little of it', async () => {
    using seen = await watched();
    const { docker } = await seen.connection.connect();
    const Labels = { big: 'x'.repeat(10e6), small: 'y' };
    await docker.createContainer({ _query: { name: 'big' }, _body: { Image: image, Labels } } as object);
    const row = await waitFor('it', () => seen.container('big'));
    assert.equal(row.labels['small'], 'y');
    assert.ok(row.labels['big']!.length <= 1024);
    assert.ok(JSON.stringify(row).length < 5000);
  });

  it('lets go of an engine that nobody watches', async () => {
    const seen = await watched();
    seen.live.close();
    assert.equal(seen.state.kind, 'idle');
    assert.equal(seen.live.rows('container').length, 0);
  });
});

interface Proxy extends AsyncDisposable {
  readonly path: string;
  cut(): void;
  mend(): void;
}

/** Passes bytes on, in pieces of so many where that is said. */
async function openProxy(to: string, path: string, size = 0): Promise<Proxy> {
  let isCut = false;
  const sockets = new Set<{ destroy(): void }>();
  const server: Server = createServer(socket => {
    if (isCut) return void socket.destroy();
    const engine = connect(to);
    sockets.add(socket).add(engine);
    socket.pipe(engine);
    if (size === 0) engine.pipe(socket);
    else
      engine.on('data', (chunk: Buffer) => {
        for (let at = 0; at < chunk.length; at += size) socket.write(chunk.subarray(at, at + size));
      });
    if (size > 0) engine.on('end', () => socket.end());
    socket.on('error', () => engine.destroy()).on('close', () => engine.destroy());
    engine.on('error', () => socket.destroy()).on('close', () => socket.destroy());
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    path,
    cut,
    mend: () => void (isCut = false),
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
