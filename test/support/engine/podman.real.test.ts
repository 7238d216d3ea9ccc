import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { processesWith } from '../processesWith';
import { needs } from '../realSystem';
import { answersPing } from './engine';
import { podman, startPodman } from './podman';

const marker = 'HANDRAIL_ENGINE_TEST';

describe('a Podman for a test', function () {
  this.timeout(120_000);
  before(needs(podman));

  it('keeps its containers while it is stopped, and leaves nothing when it ends', async () => {
    const engine = await startPodman();
    await engine.load('busybox');
    assert.equal(await engine.docker('run', '--rm', 'localhost/busybox:1', 'echo', 'hello'), 'hello');
    const run = ['run', '-d', '--name', 'on', '-e', `${marker}=${engine.folder}`];
    const id = await engine.docker(...run, 'localhost/busybox:1', 'sleep', '1000');
    await engine.docker('run', '-d', '--name', 'paused', 'localhost/busybox:1', 'sleep', '1000');
    await engine.docker('pause', 'paused');
    await engine.restart();
    assert.equal(await engine.docker('inspect', '--format', '{{.State.Running}}', 'on'), 'true');
    const cgroups = () => globSync(`/sys/fs/cgroup/**/libpod-${id}`);
    assert.notEqual(cgroups().length, 0);
    assert.notDeepEqual(await processesWith(marker, engine.folder), []);
    await engine.freeze();
    assert.equal(await answersPing(engine.socket, 300), false);
    await engine.thaw();
    assert.equal(await answersPing(engine.socket), true);
    await engine.freeze();
    await engine[Symbol.asyncDispose]();
    assert.deepEqual(await processesWith(marker, engine.folder), []);
    assert.deepEqual(cgroups(), []);
    assert.equal(existsSync(engine.folder), false);
  });
});
