import * as assert from 'node:assert/strict';
import { running } from '../agent/executors/container/cellsInContainers';
import { Place, runbook } from '../agent/cli/handrail';
import { dockerd, startDocker } from '../support/engine/dockerd';
import type { RealEngine } from '../support/engine/engine';
import { needs } from '../support/realSystem';
import { waitFor } from '../support/waitFor';
import { agentOf, detach, killHard, shown, states } from './scene';

/** What a cell on `target` does until it is ended, with children that let go of it. */
const busy = (target: string) =>
  runbook({
    [`before target=${target}`]: 'KEPT=yes',
    [`on target=${target}`]: 'trap "" TERM; sleep 1111 & (sleep 2222 &) ; echo begun; sleep 3333',
    after: 'true',
  });

describe('fault 9: a container or its engine goes while a cell runs in it', function () {
  this.timeout(120_000);
  let engine: RealEngine;
  before(needs(dockerd));
  beforeEach(async () => {
    engine = await startDocker();
    await engine.load('busybox');
    await engine.docker('run', '-d', '--name', 'box', 'localhost/busybox:1', 'sleep', '100000');
  });
  afterEach(() => engine[Symbol.asyncDispose]());

  /** A run in a terminal whose cell is under way. */
  async function begun(place: Place) {
    const run = place.start(['run', 'a.md'], { env: engine.env });
    let out = '';
    run.stdout?.on('data', (text: Buffer) => (out += text.toString()));
    await waitFor('the cell to begin', () => out.includes('begun'), 30_000);
    return run;
  }

  it('the container is removed: the step says so, and the run ends', async () => {
    await using place = await Place.make({ 'a.md': busy('container:box') });
    const run = await begun(place);
    await engine.docker('rm', '-f', 'box');
    assert.equal((await run.ended).code, 1);
    const record = await shown(place);
    assert.deepEqual(states(record), ['before passed', 'on failed', 'after not-run']);
    assert.match(
      record.steps[1]?.message ?? '',
      /^container box has (been removed|ended \(exit 137\): docker start \w+)$/,
    );
  });

  it('the engine is killed: the step says so, and the run ends', async () => {
    await using place = await Place.make({ 'a.md': busy('container:box') });
    const run = await begun(place);
    await engine.kill();
    assert.equal((await run.ended).code, 1);
    const { steps } = await shown(place);
    assert.match(
      steps[1]?.message ?? '',
      /^container box: unix:.*(is not there|connection refused|ECONNRESET|EPIPE)/,
    );
  });

  it('the engine hangs: Stop ends the step all the same, and says what may go on', async () => {
    await using place = await Place.make({ 'a.md': busy('container:box') });
    const run = await begun(place);
    await engine.freeze();
    run.kill('SIGINT');
    const { code } = await run.ended;
    await engine.thaw();
    assert.equal(code, 130);
    const { steps } = await shown(place);
    assert.equal(steps[1]?.state, 'cancelled');
    assert.match(steps[1]?.message ?? '', /box.*(answer|ended)/);
  });

  it('the agent is killed: within 2 s nothing of the run is left in the container', async () => {
    await using place = await Place.make({ 'a.md': busy('container:box') });
    await place.run(['agent', 'start'], { env: engine.env });
    await detachOn(place, engine);
    const agent = await agentOf(place);
    await waitFor('the cell', async () => (await running(engine, 'box')).some(line => line.includes('3333')));
    await killHard(agent);
    await waitFor(
      'the container to be as before',
      async () => (await running(engine, 'box')).length === 1,
      5000,
    );
    assert.deepEqual(await running(engine, 'box'), ['sleep 100000']);
    assert.equal((await shown(place)).state, 'interrupted');
  });

  it('the agent is killed: the container that was made for the run is gone', async () => {
    await using place = await Place.make({ 'a.md': busy('image:localhost/busybox:1') });
    await detachOn(place, engine);
    await waitFor('the container', async () => (await engine.docker('ps', '-q')).split('\n').length === 2);
    await killHard(await agentOf(place));
    await waitFor('it to be gone', async () => (await engine.docker('ps', '-aq')).split('\n').length === 1);
  });

  it('a run is resumed after the engine came back, with the state of the container’s cells', async () => {
    const text = runbook({
      'first target=container:box': 'KEPT=yes; cd /tmp',
      'second target=container:box': 'echo "$KEPT in $PWD"; [ -e /go ]',
    });
    await using place = await Place.make({ 'a.md': text });
    assert.equal((await place.run(['run', 'a.md'], { env: engine.env })).code, 1);
    await engine.restart();
    await engine.docker('start', 'box');
    await engine.docker('exec', 'box', 'touch', '/go');
    const { code, stdout, stderr } = await place.run(['resume', 'last'], { env: engine.env });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, 'yes in /tmp\n');
  });

  async function detachOn(place: Place, { env }: RealEngine): Promise<void> {
    Object.assign(place.env, env);
    await detach(place, 'a.md');
  }
});
