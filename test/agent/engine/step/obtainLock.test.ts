import assert from 'node:assert/strict';
import { join } from 'node:path';
import { HandrailError } from '../../../../agent/protocol/errors';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openLocks } from '../../../../agent/store/locks';
import type { Locks } from '../../../../agent/store/types';
import { waitFor } from '../../../support/waitFor';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { runFixture, says, stepThat } from '../run/runFixture';
import type { RunFixture } from '../run/runFixture';
import { cells } from '../sampleRequest';

describe('a step with a lock', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let locks: Locks;
  let all: RunFixture;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-locks');
    locks = openLocks(join(folder.path, 'locks'));
    all = await runFixture({ locks });
  });
  afterEach(async () => {
    await all[Symbol.asyncDispose]();
    locks.close();
    await folder[Symbol.asyncDispose]();
  });

  const waits = /^waits for lock deploy, held by run [0-9a-f]{4} \(x\.runbook\.md, ana\) since \d\d:\d\d$/;

  it('waits for the run that has it, says so, and goes on', async () => {
    const first = all.start(cells({ 'a lock=deploy': 'hang' }));
    await stepThat(first, 'a', ({ state }) => state === 'running');
    const second = all.start(cells({ a: '', 'b lock=deploy': '' }));
    const waiting = await stepThat(second, 'b', ({ message }) => message !== undefined);
    assert.equal(waiting.state, 'pending');
    assert.match(waiting.message ?? '', waits);
    first.cancel();
    assert.equal(says(await second.ended), 'passed a:passed b:passed');
    assert.equal(second.record.steps[1]?.message, undefined);
  });

  it('goes on where its lock cannot be given back, and says so', async () => {
    let refusals = 1;
    const stubborn: Locks = {
      take(name, holder) {
        const taken = locks.take(name, holder);
        if (!('release' in taken)) return taken;
        const release = (): void => {
          if (refusals-- > 0) throw new HandrailError('store', 'It is locked by another process');
          taken.release();
        };
        return { release };
      },
      close: () => undefined,
    };
    await using other = await runFixture({ locks: stubborn });
    const ended = await other.run(cells({ 'a lock=deploy': '', b: '' }));
    assert.equal(says(ended), 'passed a:passed b:passed');
    assert.match(ended.message ?? '', /warning: the lock deploy could not be given back\. It is locked/);
    await waitFor('the lock to be free', () => {
      const taken = locks.take('deploy', {
        run: 'x',
        file: '/x.md',
        step: 'x',
        user: 'ana',
        host: thisHost(),
        since: 0,
      });
      if ('release' in taken) taken.release();
      return 'release' in taken;
    });
  });

  it('waits no longer than it may take', async () => {
    const first = all.start(cells({ 'a lock=deploy': 'hang' }));
    await stepThat(first, 'a', ({ state }) => state === 'running');
    const ended = await all.run(cells({ 'b lock=deploy timeout=300ms': '', c: '' }));
    assert.equal(says(ended), 'failed b:failed c:not-run');
    assert.match(
      ended.steps[0]?.message ?? '',
      /lock deploy was not free within 0\.3 s, held by run.*If that run is gone: handrail locks --release deploy$/,
    );
    assert.equal(ended.steps[0]?.reason, 'timeout');
    first.cancel();
    await first.ended;
  });

  it('can be cancelled while it waits', async () => {
    const first = all.start(cells({ 'a lock=deploy': 'hang' }));
    await stepThat(first, 'a', ({ state }) => state === 'running');
    const second = all.start(cells({ 'b lock=deploy': '', c: '' }));
    await stepThat(second, 'b', ({ message }) => message !== undefined);
    second.cancel();
    assert.equal(says(await second.ended), 'cancelled b:cancelled c:not-run');
    first.cancel();
    await first.ended;
  });

  for (const text of ['exit 1', 'error x', 'signal SIGKILL', '']) {
    it(`gives it back when it ended with “${text}”`, async () => {
      await all.run(cells({ 'a lock=deploy': text }));
      assert.equal((await all.run(cells({ 'a lock=deploy': '' }))).state, 'passed');
    });
  }

  it('is not begun when another of its group has failed meanwhile', async () => {
    const first = all.start(cells({ 'a lock=deploy': 'hang' }));
    await stepThat(first, 'a', ({ state }) => state === 'running');
    const texts = { 'b parallel=g lock=deploy': '# b', 'c parallel=g': 'wait 50\nexit 1' };
    const ended = await all.run(cells(texts));
    assert.equal(says(ended), 'failed b:not-run c:failed');
    assert.equal(ended.steps[0]?.message, 'not run: c failed');
    first.cancel();
    await first.ended;
    assert.ok(!all.sessions.log.includes('+# b'));
  });

  it('is not beside another of its group with the same lock', async () => {
    const texts = { 'a parallel=g lock=l': 'wait 20\n# a', 'b parallel=g lock=l': '# b' };
    assert.equal((await all.run(cells(texts))).state, 'passed');
    assert.deepEqual(all.sessions.log, ['+wait 20\n# a', '-wait 20\n# a', '+# b', '-# b']);
  });
});
