import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { needs } from '../realSystem';
import { processesWith } from '../processesWith';
import { waitFor } from '../waitFor';
import { answersPing, type RealEngine } from './engine';
import { dockerd, startDocker } from './dockerd';

const marker = 'HANDRAIL_ENGINE_TEST';

describe('a Docker engine for a test', function () {
  this.timeout(120_000);
  before(needs(dockerd));

  it('runs a container, whose port the machine reaches', async () => {
    await using engine = await startDocker();
    await engine.load('busybox');
    const said = await engine.docker('run', '--rm', 'localhost/busybox:1', 'echo', 'hello');
    assert.equal(said, 'hello');
    const serve = ['sh', '-c', 'echo found > /tmp/index.html; httpd -f -p 80 -h /tmp'];
    await engine.docker('run', '-d', '--name', 'web', '-p', '127.0.0.1::80', 'localhost/busybox:1', ...serve);
    const address = await engine.docker('port', 'web', '80');
    assert.equal(await (await fetch(`http://${address}`)).text(), 'found\n');
  });

  it('keeps its containers over a restart, and has them go on where that is asked for', async () => {
    await using engine = await startDocker({ liveRestore: true });
    await engine.load('busybox');
    await engine.docker('run', '-d', '--name', 'on', 'localhost/busybox:1', 'sleep', '1000');
    const state = () => engine.docker('inspect', '--format', '{{.State.Running}} {{.State.StartedAt}}', 'on');
    const before = await state();
    await engine.restart();
    assert.equal(await state(), before);
    await engine.kill();
    assert.equal(await answersPing(engine.socket), false);
    await engine.start();
    assert.equal(await state(), before);
  });

  it('hangs while it is frozen', async () => {
    await using engine = await startDocker();
    await engine.freeze();
    assert.equal(await answersPing(engine.socket, 300), false);
    await engine.thaw();
    assert.equal(await answersPing(engine.socket), true);
  });

  for (const end of ['running', 'frozen', 'stopped']) {
    it(`leaves nothing when it ends ${end}`, async () => {
      const engine = await startDocker();
      const isGone = await occupy(engine);
      if (end === 'frozen') await engine.freeze();
      if (end === 'stopped') await engine.stop();
      await engine[Symbol.asyncDispose]();
      assert.equal(await isGone(), true);
    });
  }

  it('leaves nothing when its test is killed', async () => {
    const script = `
      const { startDocker } = require(${JSON.stringify(join(import.meta.dirname, 'dockerd.ts'))});
      startDocker().then(({ socket, folder }) => console.log(JSON.stringify({ socket, folder })));`;
    const args = ['--import', 'tsx', '--input-type=commonjs', '--eval', script];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { socket, folder } = JSON.parse(line) as { socket: string; folder: string };
    assert.equal(await answersPing(socket), true);
    child.kill('SIGKILL');
    await waitFor('the folder to go', () => !existsSync(folder), 30_000);
    assert.equal(cgroupsOf(folder).length, 0);
  });
});

/** Has it a container, a network and mounts; gives what tells whether all of them are gone. */
async function occupy(engine: RealEngine): Promise<() => Promise<boolean>> {
  await engine.load('busybox');
  const network = await engine.docker('network', 'create', 'own');
  const run = ['run', '-d', '--network', 'own', '--stop-timeout', '1', '-e', `${marker}=${engine.folder}`];
  await engine.docker(...run, 'localhost/busybox:1', 'sleep', '1000');
  const paused = await engine.docker(...run, 'localhost/busybox:1', 'sleep', '1000');
  await engine.docker('pause', paused);
  assert.equal((await processesWith(marker, engine.folder)).length, 2);
  const bridge = `/sys/class/net/br-${network.slice(0, 12)}`;
  assert.equal(existsSync(bridge), true);
  assert.notEqual(cgroupsOf(engine.folder).length, 0);
  return async () =>
    (await processesWith(marker, engine.folder)).length === 0 &&
    !existsSync(engine.folder) &&
    !existsSync(bridge) &&
    cgroupsOf(engine.folder).length === 0;
}

function cgroupsOf(folder: string): string[] {
  return globSync(`/sys/fs/cgroup/**/${basename(folder)}`);
}
