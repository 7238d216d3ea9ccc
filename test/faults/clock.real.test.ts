import * as assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Place, runbook } from '../agent/cli/handrail';
import { faketime } from '../support/faketime';
import { needs, provide } from '../support/realSystem';
import { waitFor } from '../support/waitFor';
import { agentOf, connect, detach, holds, nothingLeft, shown } from './scene';

const hour = 60 * 60 * 1000;

describe('fault 6: the clock is set back', function () {
  this.timeout(40_000);
  before(needs(faketime));

  /** A place whose programs see the real time, until it is changed for all of them. */
  async function placeWithClock(files: Record<string, string>): Promise<Place> {
    const place = await Place.make({ ...files, clock: '+0\n' });
    Object.assign(place.env, {
      LD_PRELOAD: await provide(faketime),
      FAKETIME_TIMESTAMP_FILE: join(place.path, 'clock'),
      FAKETIME_NO_CACHE: '1',
      // Of all clocks a person sets only the one that tells the date.
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    return place;
  }

  function setClock(place: Place, offset: string): void {
    writeFileSync(join(place.path, 'clock'), `${offset}\n`);
  }

  it('while steps run: their durations, deadlines and pauses stay true, and so does the order of runs', async () => {
    await using place = await placeWithClock({
      'a.md': runbook({
        one: 'date +%s >seen; : >begun; until [ -e go ]; do sleep 0.02; done',
        'two retries=1 retry-delay=300ms': 'date +%s >>seen; [ -e tried ] || { : >tried; exit 1; }',
        'three timeout=500ms on-error=continue': 'exec sleep 1000',
        four: 'true',
      }),
      'b.md': runbook({ one: 'true' }),
    });
    const { ended } = place.start(['run', 'a.md']);
    await holds(place, 'begun');
    setClock(place, '-1h');
    const back = Date.now();
    writeFileSync(join(place.path, 'go'), '');
    const { code, stderr } = await ended;
    assert.equal(code, 1, stderr);
    assert.ok(Date.now() - back < 10_000, 'it did not wait for an hour to pass again');
    const [first = 0, second = 0] = (await place.read('seen')).trim().split('\n').map(Number);
    assert.ok(second < first - 3000, 'the clock was set back for cells, too');
    const run = await shown(place);
    assert.deepEqual(
      run.steps.map(({ state, reason }) => [state, reason]),
      [
        ['passed', 'exit'],
        ['passed', 'exit'],
        ['failed', 'timeout'],
        ['passed', 'exit'],
      ],
    );
    for (const { name, startedAt = 0, endedAt = 0 } of run.steps) {
      assert.ok(endedAt >= startedAt && endedAt - startedAt < 20_000, `${name}: ${endedAt - startedAt} ms`);
    }
    assert.ok((run.endedAt ?? 0) >= run.startedAt && (run.endedAt ?? 0) - run.startedAt < hour);
    assert.equal((await place.run(['run', 'b.md'])).code, 0);
    const later = await shown(place);
    assert.match(later.file, /b\.md$/, 'the last is the one that was started last');
    assert.ok(later.startedAt < run.startedAt - hour / 2, 'the clock was set back for us, too');
    assert.match((await place.run(['runs'])).stdout, /^[^\n]*\bb\b[^]*\ba\b/);
    assert.equal((await place.run(['audit', '--verify'])).code, 0);
  });

  it('while the agent runs: locks, cancels and what ends processes go by no clock', async () => {
    await using place = await placeWithClock({
      'a.md': runbook({ 'one lock=shop': '(setsid sleep 1000 &); echo begun >begun; sleep 1001' }),
      'b.md': runbook({ 'one lock=shop': ': >had' }),
    });
    // The agent takes over little from who starts it, so it is started by hand.
    const agent = await connect(place);
    const holder = await detach(place, 'a.md');
    await holds(place, 'begun');
    setClock(place, '-1h');
    const { ended } = place.start(['run', 'b.md']);
    assert.equal((await place.run(['cancel', holder])).code, 0);
    await waitFor(
      'the end of what was cancelled',
      async () => (await shown(place, holder)).state === 'cancelled',
    );
    assert.equal((await ended).code, 0);
    assert.ok(existsSync(join(place.path, 'had')));
    const run = await shown(place, holder);
    assert.ok((run.endedAt ?? 0) >= run.startedAt);
    const later = await shown(place, await detach(place, 'b.md'));
    assert.ok(later.startedAt < run.startedAt - hour / 2, 'the clock was set back for the agent, too');
    assert.equal(await agentOf(place), agent.agent.pid);
    const stopped = await place.run(['agent', 'stop']);
    assert.equal(stopped.code, 0, stopped.stderr);
    agent.dispose();
    await nothingLeft(place);
  });

  it('between a kill and the next start: the run that was going is known to be dead', async () => {
    await using place = await placeWithClock({ 'a.md': runbook({ one: ': >begun; sleep 1000' }) });
    const agent = await connect(place);
    const run = await detach(place, 'a.md');
    await holds(place, 'begun');
    process.kill(agent.agent.pid, 'SIGKILL');
    await agent.closed;
    setClock(place, '-1d');
    assert.equal((await shown(place, run)).state, 'interrupted');
    await nothingLeft(place);
    assert.equal((await place.run(['resume', 'last', '--timeout', '100ms'])).code, 1);
  });
});
