import assert from 'node:assert/strict';
import { dockerd, startDocker } from '../../support/engine/dockerd';
import type { RealEngine } from '../../support/engine/engine';
import { needs } from '../../support/realSystem';
import { waitFor } from '../../support/waitFor';
import { Place, runbook } from './handrail';

const target = 'target=image:localhost/busybox:1';

describe('handrail run with containers for single steps', function () {
  this.timeout(120_000);
  let engine: RealEngine;
  before(needs(dockerd));
  before(async () => {
    engine = await startDocker();
    await engine.load('busybox');
  });
  after(() => engine?.[Symbol.asyncDispose]());

  it('gives a step with its guards one of its own, and removes it after', async () => {
    const guards = 'unless="test -e /made" verify="test -e /made"';
    const text = runbook({
      [`first ${target} fresh ${guards}`]: 'touch /made; echo "first $(id -u)"',
      [`second ${target} fresh ${guards}`]: 'touch /made; echo second',
      [`shared ${target}`]: 'test ! -e /made && echo shared',
    });
    await using place = await Place.make({ 'a.md': text });
    const { code, stdout, stderr } = await place.run(['run', 'a.md'], { env: engine.env });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `first ${process.getuid?.() ?? 0}\nsecond\nshared\n`);
    await waitFor('all to be removed', async () => (await engine.docker('ps', '-aq')) === '', 20_000);
  });

  it('says where these attributes mean nothing', async () => {
    await using place = await Place.make({
      'a.md': runbook({ 'here fresh': 'true', 'there user=root': 'true' }),
    });
    const { code, stderr } = await place.run(['run', 'a.md'], { env: engine.env });
    assert.equal(code, 2);
    assert.match(stderr, /`here` has `fresh`, which only a container made of an image can be/);
    assert.match(stderr, /`there` has `user`, and on this machine cells run as you/);
  });
});
