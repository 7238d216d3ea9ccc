import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { StreamEnd } from '../../../../agent/byteStream';
import { openExec } from '../../../../agent/containers/exec/openExec';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { podman, startPodman } from '../../../support/engine/podman';
import { needs } from '../../../support/realSystem';
import { waitFor } from '../../../support/waitFor';
import { running } from '../../executors/container/cellsInContainers';

const engines = {
  docker: { start: () => startDocker(), system: dockerd },
  podman: { start: startPodman, system: podman },
};

for (const [name, { start, system }] of Object.entries(engines)) {
  describe(`commands in containers (${name})`, function () {
    this.timeout(180_000);
    let engine: RealEngine;
    before(needs(system));
    before(async () => {
      engine = await start();
      await engine.load('busybox');
    });
    after(() => engine?.[Symbol.asyncDispose]());
    beforeEach(async () => {
      await engine.docker('run', '-d', '--name', 'box', 'localhost/busybox:1', 'sleep', '100000');
    });
    afterEach(() => engine.docker('rm', '-f', 'box').catch(() => undefined));

    for (const kind of ['tty', 'pipes'])
      it(`end when whoever looks on is killed (${kind})`, async () => {
        const line = 'trap "" HUP; (sleep 2222 &); echo begun; sleep 1111';
        const script = join(import.meta.dirname, 'execInChild.ts');
        const child = spawn(process.execPath, ['--import', 'tsx', script, engine.socket, 'box', kind, line], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const exited = once(child, 'exit');
        let out = '';
        child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
        await waitFor('the command', () => child.exitCode !== null || /^begun/m.test(out), 30_000);
        assert.equal(child.exitCode, null);
        assert.match((await running(engine, 'box')).join('\n'), /sleep 1111/);
        child.kill('SIGKILL');
        await exited;
        await waitFor(
          'nothing to be left',
          async () => {
            return (await running(engine, 'box')).every(one => one.includes('sleep 100000'));
          },
          30_000,
        );
      });

    it('leave what they have started where they end by themselves, and what looked after them goes', async () => {
      const { ended } = await open(['sh', '-c', 'sleep 2222 >/dev/null 2>&1 & exit 3']);
      assert.deepEqual(await ended, { exit: 3 });
      await waitFor('only that to be left', async () => {
        const left = (await running(engine, 'box')).map(one => one.trim()).sort();
        return left.join() === 'sleep 100000,sleep 2222';
      });
    });

    it('that begin while their container is removed say so', async () => {
      for (let delay = 0; delay < 60; delay += 10) {
        await engine.docker('rm', '-f', 'box').catch(() => undefined);
        await engine.docker('run', '-d', '--name', 'box', 'localhost/busybox:1', 'sleep', '100000');
        const removed = engine.docker('rm', '-f', 'box');
        await new Promise(resolve => setTimeout(resolve, delay));
        const end = await open(['sleep', '1111']).then(
          ({ ended }) => ended,
          (error: Error): StreamEnd => ({ message: error.message }),
        );
        assert.ok((end.message ?? '') !== '', JSON.stringify(end));
        await removed.catch(() => undefined);
      }
    });

    function open(command: string[]) {
      const sink = { send: () => Promise.resolve(), end: () => undefined };
      return openExec(
        new Docker({ socketPath: engine.socket }),
        { container: 'box', command, env: {}, terminal: undefined },
        sink,
      );
    }
  });
}
