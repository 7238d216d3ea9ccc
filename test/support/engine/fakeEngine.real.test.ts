import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findOnPath, runCommand } from '../command';
import { waitFor } from '../waitFor';
import { ask, open } from './ask';
import { type FakeAction, startFakeEngine } from './fakeEngine';
import type { EngineEvent, ListedContainer } from './recording';

describe('the fake engine', () => {
  it('lists as many containers as asked for, each once, and counts who asks', async () => {
    await using engine = await startFakeEngine(1000);
    const list = async (query: string) =>
      JSON.parse(await ask(engine.socket, `/v1.41/containers/json?${query}`)) as ListedContainer[];
    const all = await list('all=1');
    assert.deepEqual([...new Set(all.map(({ Id }) => Id))], engine.ids);
    assert.equal(engine.ids.length, 1000);
    assert.equal(new Set(all.map(({ Labels }) => Labels['com.docker.compose.project'])).size, 50);
    const up = all.filter(({ State }) => State === 'running' || State === 'paused');
    assert.deepEqual(await list(''), up);
    const one = encodeURIComponent(JSON.stringify({ id: [engine.ids[7]] }));
    assert.deepEqual(await list(`all=1&filters=${one}`), [all[7]]);
    assert.deepEqual(engine.requests, Array(3).fill('/containers/json'));
    for (const path of ['/_ping', '/version', '/info', '/images/json', '/volumes', '/networks']) {
      await ask(engine.socket, path);
    }
    assert.equal(engine.requests.length, 9);
    await assert.rejects(ask(engine.socket, '/nonsense'), /404/);
  });

  const actions: readonly (readonly [FakeAction, string | undefined])[] = [
    ['die', 'exited'],
    ['start', 'running'],
    ['pause', 'paused'],
    ['unpause', 'running'],
    ['health_status: healthy', 'running'],
    ['destroy', undefined],
  ];
  for (const [action, state] of actions) {
    it(`tells of "${action}", and has it in the list and in what is inspected`, async () => {
      await using engine = await startFakeEngine(10);
      const stream = await open(engine.socket, '/events');
      const lines = createInterface(stream);
      const told = once(lines, 'line') as Promise<[string]>;
      await waitFor('the listener', () => engine.listeners === 1);
      const id = engine.ids[0]!;
      const time = engine.tell(action, id);
      const event = JSON.parse((await told)[0]) as EngineEvent;
      assert.deepEqual([event.Type, event.Action, event.Actor.ID], ['container', action, id]);
      assert.equal(event.time, Math.floor(time / 1000));
      const list = JSON.parse(await ask(engine.socket, '/containers/json?all=1')) as ListedContainer[];
      assert.equal(list.find(({ Id }) => Id === id)?.State, state);
      const inspected = ask(engine.socket, `/containers/${id}/json`);
      if (state) assert.match(await inspected, new RegExp(`"Status":"${state}"`));
      else await assert.rejects(inspected, /404/);
      lines.close();
      stream.destroy();
      await waitFor('the listener to be forgotten', () => engine.listeners === 0);
    });
  }

  it('is a Docker to the docker program', async function () {
    const docker = await findOnPath('docker');
    if (!docker) return this.skip();
    await using engine = await startFakeEngine(5);
    const env = { DOCKER_HOST: engine.address, DOCKER_CONTEXT: '' };
    const said = await runCommand(docker, ['ps', '-aq', '--no-trunc'], { env, deadline: 10_000 });
    assert.deepEqual(said.trim().split('\n').sort(), [...engine.ids].sort());
    const stats = await open(engine.socket, `/containers/${engine.ids[0]}/stats?stream=1`);
    const [sample] = (await once(createInterface(stats), 'line')) as [string];
    assert.equal((JSON.parse(sample) as { id: string }).id, engine.ids[0]);
    stats.destroy();
  });
});
