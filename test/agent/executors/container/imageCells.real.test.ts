import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { podman, startPodman } from '../../../support/engine/podman';
import { startRegistry } from '../../../support/engine/registry';
import { needs } from '../../../support/realSystem';
import { until } from '../harness';
import { type ContainerHarness, openOn } from './cellsInContainers';

const engines = {
  docker: { start: () => startDocker(), system: dockerd },
  podman: { start: startPodman, system: podman },
};
const target = 'image:localhost/busybox:1';

for (const [name, { start, system }] of Object.entries(engines)) {
  describe(`cells in containers made of an image (${name})`, function () {
    this.timeout(180_000);
    let engine: RealEngine;
    let harness: ContainerHarness;

    before(needs(system));
    before(async () => {
      engine = await start();
      await engine.load('busybox');
    });
    after(() => engine?.[Symbol.asyncDispose]());
    afterEach(() => harness.close());

    it('share one, unless they want one for themselves, which goes with the step', async () => {
      harness = await openOn(engine);
      const names = [];
      for (const fresh of [undefined, 'run-1', 'run-1', 'run-2', undefined]) {
        const spec = { text: 'echo "$HOSTNAME"; hostname >>seen.txt; KEPT=$((KEPT + 1)); echo "$KEPT"' };
        names.push((await harness.on(target, { ...spec, ...(fresh && { fresh }) })).out);
      }
      const own = names.map(out => out.split('\n')[1]);
      assert.deepEqual(own, ['1', '1', '2', '1', '2']);
      assert.equal(
        new Set(readFileSync(join(harness.folder, 'seen.txt'), 'utf8').trim().split('\n')).size,
        3,
      );
      assert.equal((await ids()).length, 3);
      await harness.session.release?.('run-1');
      await harness.session.release?.('run-2');
      await until(async () => (await ids()).length === 1, 20_000);
      assert.match((await harness.on(target, { text: 'echo $KEPT' })).out, /^2\n$/);
    });

    it('do not keep the state of one that a cell had for itself', async () => {
      harness = await openOn(engine);
      await harness.on(target, { text: 'A=shared' });
      await harness.on(target, { text: 'A=own', fresh: 'run-1' });
      const path = join(harness.folder, 'saved.json');
      harness.session.save(path);
      assert.ok(readFileSync(path, 'utf8').includes('shared'));
      assert.ok(!readFileSync(path, 'utf8').includes('own"'));
      await harness.session.restore(path);
      assert.equal((await harness.on(target, { text: 'echo $A' })).out, 'shared\n');
    });

    it('write as who the client is, with a home that can be written', async () => {
      harness = await openOn(engine, {}, '1234:1235');
      chmodSync(harness.folder, 0o777);
      const text = 'id -u; id -g; touch made; touch "$HOME/.cache" && echo home; cd ~ && pwd';
      const { out, err } = await harness.on(target, { text });
      assert.match(out, /^1234\n1235\nhome\n\/.+\n$/, err);
      const { uid, gid } = statSync(join(harness.folder, 'made'));
      assert.deepEqual([uid, gid], [1234, 1235]);
      const known = await harness.on(target, { text: 'id -un; echo $HOME', user: 'ana' });
      assert.equal(known.out, 'ana\n/tmp\n');
      assert.equal((await harness.on(target, { text: 'id -u; echo $HOME', user: 'root' })).out, '0\n/root\n');
    });

    it('are in one that is there as who they say', async () => {
      harness = await openOn(engine);
      await engine.docker('run', '-d', '--name', 'box', 'localhost/busybox:1', 'sleep', '100000');
      const who = { text: 'id -un; A=${A-none}$(id -u); echo $A' };
      assert.equal((await harness.on('container:box', who)).out, 'root\nnone0\n');
      assert.equal((await harness.on('container:box', { ...who, user: 'ana' })).out, 'ana\nnone1000\n');
      assert.equal((await harness.on('container:box', who)).out, 'root\nnone00\n');
      await engine.docker('rm', '-f', 'box');
    });

    async function ids(): Promise<string[]> {
      return (await engine.docker('ps', '-aq')).split('\n').filter(Boolean);
    }
  });
}

describe('images that cells need are pulled', function () {
  this.timeout(180_000);
  let engine: RealEngine;
  let harness: ContainerHarness;

  before(needs(dockerd));
  before(async () => {
    // One attempt: it would wait for minutes between several.
    engine = await startDocker({ args: ['--max-download-attempts', '1'] });
  });
  after(() => engine?.[Symbol.asyncDispose]());
  afterEach(async () => {
    await harness.close();
    // What is in use is not pruned.
    await until(async () => (await engine.docker('ps', '-aq')) === '', 20_000);
    await engine.docker('image', 'prune', '-af');
  });

  it('with a login where the registry wants one, and not without', async () => {
    await using registry = await startRegistry('busybox', 'ana:p:wörd');
    harness = await openOn(engine, { DOCKER_CONFIG: await config({}) });
    const wanted = `image:${registry.reference}`;
    const refused = await harness.on(wanted, { text: 'echo in' });
    assert.match(refused.ending.message ?? '', /cannot be pulled: .*(no basic auth|unauthorized|denied)/i);
    await harness.close();
    const auth = Buffer.from('ana:p:wörd').toString('base64');
    harness = await openOn(engine, { DOCKER_CONFIG: await config({ auths: { [registry.host]: { auth } } }) });
    const { out, err, ending } = await harness.on(wanted, { text: 'echo in' });
    assert.equal(out, 'in\n', ending.message);
    assert.match(err, /is not there: pulling it/);
  });

  it('with the login that a helper tells, and say what is wrong with the helper', async () => {
    await using registry = await startRegistry('busybox', 'ana:secret');
    const folder = await config({ credHelpers: { [registry.host]: 'tests' } });
    const helper = join(folder, 'docker-credential-tests');
    const env = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH']}` };
    harness = await openOn(engine, env);
    const wanted = `image:${registry.reference}`;
    const missing = await harness.on(wanted, { text: 'echo in' });
    assert.match(missing.ending.message ?? '', /docker-credential-tests .*it is not on PATH/);
    const answer = '{"ServerURL":"'.concat('$server', '","Username":"ana","Secret":"secret"}');
    await writeFile(helper, `#!/bin/sh\nread -r server || :\ncat <<END\n${answer}\nEND\n`, { mode: 0o755 });
    const { out, ending } = await harness.on(wanted, { text: 'echo in' });
    assert.equal(out, 'in\n', ending.message);
  });

  it('or say how they broke off, and are whole the next time', async () => {
    await using registry = await startRegistry('busybox');
    registry.layers = 'broken';
    harness = await openOn(engine);
    const wanted = `image:${registry.reference}`;
    const { ending, err } = await harness.on(wanted, { text: 'echo in' });
    assert.equal(ending.reason, 'error', err);
    assert.match(
      ending.message ?? '',
      /^image 127\.0\.0\.1:\d+\/tests\/busybox:1 cannot be pulled: .*(EOF|206)/,
    );
    registry.layers = 'whole';
    const { out, ending: second } = await harness.on(wanted, { text: 'echo in' });
    assert.equal(out, 'in\n', second.message);
  });

  async function config(content: object): Promise<string> {
    const folder = join(engine.folder, `config-${Math.random().toString(36).slice(2)}`);
    await mkdir(folder);
    await writeFile(join(folder, 'config.json'), JSON.stringify(content));
    assert.ok(existsSync(folder));
    return folder;
  }
});
