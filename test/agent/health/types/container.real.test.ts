import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { podman, startPodman } from '../../../support/engine/podman';
import { needs, type RealSystem } from '../../../support/realSystem';
import { waitFor } from '../../../support/waitFor';
import { probe } from './probing';

const engines: [string, RealSystem, () => Promise<RealEngine>][] = [
  ['docker', dockerd, () => startDocker()],
  ['podman', podman, () => startPodman()],
];

for (const [kind, system, start] of engines) {
  describe(`a check of type container (${kind})`, function () {
    this.timeout(180_000);
    let engine: RealEngine;
    before(needs(system));
    before(async function () {
      this.timeout(300_000);
      engine = await start();
      await engine.load('busybox', 'healthy');
      await run('web', 'busybox', 'trap "exit 0" TERM; sleep 1000 & wait');
    });
    after(() => engine?.[Symbol.asyncDispose]());
    const run = (name: string, image: string, script: string, ...more: string[]) =>
      engine.docker('run', '-d', '--name', name, ...more, `localhost/${image}:1`, 'sh', '-c', script);
    const look = (container: string, more: object = {}) =>
      probe({ type: 'container', container, ...more }, '/', engine.env);
    const turns = (container: string, state: string, more: object = {}) =>
      waitFor(
        `${container} to be ${state}`,
        async () => {
          const found = await look(container, more);
          return found.state === state ? found : undefined;
        },
        60_000,
      );

    it('is up while it runs', async () => {
      const { state, values } = await turns('web', 'up');
      const { count, running, health, restarts, exit, oom } = values;
      assert.deepEqual([state, count, running, health, restarts, exit, oom], ['up', 1, 1, '', 0, 0, false]);
      assert.equal((await look('web', { up: 'age < duration("1h")' })).state, 'up');
    });

    it('is down where it has ended, with its exit code', async () => {
      await run('broken', 'busybox', 'exit 3');
      const found = await waitFor(
        'its end',
        async () => {
          const now = await look('broken', { up: 'state == "running" || exit != 3' });
          return now.state === 'down' ? now : undefined;
        },
        60_000,
      );
      assert.deepEqual([found.values['state'], found.values['exit']], ['exited', 3]);
      assert.equal((await look('broken')).message, 'running was 0, wanted count (1)');
    });

    it('is down where there is none', async () => {
      const { state, message } = await look('no-such');
      assert.deepEqual([state, message], ['down', 'There is no container no-such']);
    });

    it('follows the health check of its image', async function () {
      // Podman leaves the looking to systemd's timers.
      if (kind === 'podman') return this.skip();
      await run('sound', 'healthy', 'sleep 1000', '--stop-timeout', '1');
      const healthy = { up: 'health == "healthy"' };
      await turns('sound', 'up', healthy);
      await engine.docker('exec', 'sound', 'touch', '/sick');
      const { message } = await turns('sound', 'down');
      assert.equal(message, 'health was "unhealthy", wanted anything but "unhealthy"');
      await engine.docker('exec', 'sound', 'rm', '/sick');
      await turns('sound', 'up', healthy);
    });

    it('is about all containers of a compose service, and none that was run once', async () => {
      const labels = (service: string, ...more: string[]) =>
        ['com.docker.compose.project=shop', `com.docker.compose.service=${service}`, ...more].flatMap(
          label => ['--label', label],
        );
      await run('api-1', 'busybox', 'sleep 1000', ...labels('api'));
      await run('api-2', 'busybox', 'sleep 1000', ...labels('api'));
      await run('api-once', 'busybox', 'exit 1', ...labels('api', 'com.docker.compose.oneoff=True'));
      const { values } = await turns('shop/api', 'up');
      assert.deepEqual([values['count'], values['running']], [2, 2]);
      await engine.docker('kill', 'api-2');
      const found = await turns('shop/api', 'down');
      assert.equal(found.message, 'running was 1, wanted count (2)');
      assert.equal((await look('shop/web')).message, 'There is no container of shop/web');
    });

    it('is unknown where the engine cannot be asked, or is not there', async () => {
      const gone = await probe({ type: 'container', container: 'web' }, '/', {
        ...engine.env,
        DOCKER_HOST: `unix://${join(engine.folder, 'gone.sock')}`,
      });
      assert.equal(gone.state, 'unknown');
      assert.match(gone.message, /gone\.sock is not there/);
      const other = await look('web', { engine: 'nowhere' });
      assert.equal(other.state, 'unknown');
      assert.match(other.message, /There is no container engine nowhere\. There (is|are)/);
    });

    it('tells what its log says, each line once', async () => {
      await run(
        'talks',
        'busybox',
        'echo begun; while [ ! -e /go ]; do sleep 0.1; done; echo ERROR bad; sleep 1000',
      );
      const log = (more: object = {}) =>
        probe({ type: 'log', log: 'container:talks', pattern: '^ERROR', ...more }, '/', engine.env);
      const begun = { pattern: '^begun$', up: 'count == 1' };
      await waitFor('its first line', async () => (await log(begun)).state === 'up' || undefined, 60_000);
      assert.equal((await log()).state, 'up');
      await engine.docker('exec', 'talks', 'touch', '/go');
      const found = await waitFor(
        'its error',
        async () => {
          const now = await log();
          return now.state === 'down' ? now : undefined;
        },
        60_000,
      );
      assert.deepEqual([found.message, found.values['line']], ['count was 1, wanted 0', 'ERROR bad']);
      assert.equal((await log()).message, 'count was 1, wanted 0');
      // The first line is too old for that.
      assert.equal((await log({ ...begun, within: '1ms' })).values['count'], 0);
      const gone = await log({ log: 'container:no-such' });
      assert.deepEqual([gone.state, gone.message], ['down', 'There is no container no-such']);
    });

    it('ends in time where the engine hangs', async () => {
      await engine.freeze();
      try {
        const { state, message } = await look('web', { timeout: '1s' });
        assert.deepEqual([state, message], ['down', 'web: no answer within 1 s']);
      } finally {
        await engine.thaw();
      }
      await turns('web', 'up');
    });
  });
}
