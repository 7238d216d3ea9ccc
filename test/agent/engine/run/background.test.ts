import assert from 'node:assert/strict';
import type { Clock } from '../../../../agent/engine/clock';
import { waitFor } from '../../../support/waitFor';
import { hastyClock, runFixture, says, stepThat } from './runFixture';
import type { RunFixture } from './runFixture';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openLocks } from '../../../../agent/store/locks';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { cells } from '../sampleRequest';

describe('a background step', () => {
  let all: RunFixture;

  beforeEach(async () => (all = await runFixture()));
  afterEach(() => all[Symbol.asyncDispose]());

  it('passes once it is ready, goes on beside the others, and ends with the run', async () => {
    const text = cells({ 'a background ready="exit-until 2 1"': 'print up\nhang', b: 'print b' });
    const ended = await all.run(text);
    assert.equal(says(ended), 'passed a:passed b:passed');
    assert.deepEqual(
      all.sessions.log.filter(line => !line.includes('exit-until')),
      ['+print up\nhang', '+print b', '-print b', '-print up\nhang'],
    );
    assert.equal(ended.steps[0]?.background, 'ended');
    assert.equal(ended.steps[0].message, undefined);
    assert.equal(all.output(ended, 0), 'up\n');
  });

  it('passes without a ready command when it has lived for a moment', async () => {
    const active = all.start(cells({ 'a background': 'hang', b: 'hang' }));
    const passed = await stepThat(active, 'a', ({ state }) => state === 'passed');
    assert.equal(passed.background, 'running');
    active.cancel();
    assert.equal((await active.ended).steps[0]?.background, 'ended');
  });

  const failures: readonly (readonly [what: string, head: string, text: string, message: RegExp])[] = [
    [
      'ends before it is ready',
      'a background ready="exit 1"',
      'wait 5\nexit 7',
      /exit 7.* before it was ready/,
    ],
    [
      'is never ready',
      'a background ready="exit 3" timeout=150ms',
      'hang',
      /not ready within 0.15 s.*exited 3: exit 3/,
    ],
    [
      'has a ready command that hangs',
      'a background ready=hang timeout=20ms',
      'hang',
      /not ready within 0.02 s/,
    ],
    ['cannot be started', 'a background', 'error no bash', /no bash/],
    [
      'ends while verify runs',
      'a background ready="" verify="wait 700"',
      'wait 500\nexit 7',
      /ended before its step was over/,
    ],
  ];
  for (const [what, head, text, message] of failures) {
    it(`fails where it ${what}, and is ended`, async () => {
      const ended = await all.run(cells({ [head]: text, b: '' }));
      assert.equal(says(ended), 'failed a:failed b:not-run');
      assert.match(ended.steps[0]?.message ?? '', message);
      assert.ok(all.sessions.log.includes(`-${text}`));
    });
  }

  it('fails with its exit where it has no ready command', async () => {
    const ended = await all.run(cells({ 'a background': 'exit 7', b: '' }));
    assert.equal(says(ended), 'failed a:failed b:not-run');
    assert.deepEqual([ended.steps[0]?.reason, ended.steps[0]?.exit], ['exit', 7]);
  });

  const deaths: readonly (readonly [text: string, what: string, record: object])[] = [
    ['exit 9', 'exit 9', { reason: 'exit', exit: 9 }],
    ['signal SIGSEGV', 'SIGSEGV', { reason: 'signal', signal: 'SIGSEGV' }],
    ['error no output', 'no output', { reason: 'error' }],
  ];
  for (const [text, what, record] of deaths) {
    it(`fails, and the run with it, where it dies later: ${what}`, async () => {
      const ended = await all.run(
        cells({ 'a background ready=""': `wait 400\n${text}`, b: 'wait 600', 'c needs=a': '' }),
      );
      assert.equal(says(ended), 'failed a:failed b:passed c:not-run');
      const [a] = ended.steps;
      assert.deepEqual({ ...a, ...record, background: 'ended' }, a);
      assert.equal(a?.message, `ended in the background: ${what}`);
      assert.equal(ended.message, `a ended in the background: ${what}`);
      assert.equal(ended.step, 'a');
      assert.equal(ended.stepsDone, 2);
      assert.ok((a.endedAt ?? 0) >= (a.startedAt ?? 0) + 400);
    });
  }

  it('is what a run is resumed from where it died, with what passed after it', async () => {
    const texts = { 'a background ready=""': 'wait 400\nexit 9', b: 'wait 600\nout X=1', c: 'exit 1' };
    const first = await all.run(cells(texts));
    const continues = { run: first.id, how: 'resume' } as const;
    const again = { ...texts, 'a background ready=""': 'hang', c: 'var X' };
    const second = await all.run(cells(again), { continues });
    assert.equal(says(second), 'passed a:passed b:skipped c:passed');
    assert.equal(all.output(second, 2), '1\n');
  });

  it('is asked once more at the end of its time', async () => {
    const ended = await all.run(cells({ 'a background ready="exit-until 3 1" timeout=400ms': 'hang' }));
    assert.equal(says(ended), 'passed a:passed');
  });

  const told = async (cancels: boolean): Promise<string[]> => {
    const stops: string[] = [];
    const active = all.start(cells({ 'a background': 'hang', b: cancels ? 'hang' : '' }));
    const session = all.sessions.opened.at(-1) ?? assert.fail();
    const start = session.start.bind(session);
    session.start = (spec, sink) => {
      const execution = start(spec, sink);
      return { ...execution, stop: reason => (stops.push(reason), execution.stop(reason)) };
    };
    if (cancels) {
      await stepThat(active, 'b', ({ state }) => state === 'running');
      active.cancel();
    }
    await active.ended;
    return stops;
  };
  it('is told once to stop, at the end of the run or when that is cancelled: twice would be a harder word', async () => {
    assert.deepEqual(await told(false), ['cancel']);
    assert.deepEqual(await told(true), ['cancel']);
  });

  it('holds its lock as long as it goes on', async () => {
    await using folder = await temporaryFolder('handrail-locks');
    const locks = openLocks(folder.path);
    const us = { run: 'r', file: '/x.md', step: 's', user: 'u', since: 0, host: thisHost() };
    const isFree = (): boolean => {
      const taken = locks.take('l', us);
      if ('release' in taken) taken.release();
      return 'release' in taken;
    };
    {
      await using own = await runFixture({ locks });
      const active = own.start(cells({ 'a background lock=l': 'hang', b: 'hang' }));
      await stepThat(active, 'b', ({ state }) => state === 'running');
      assert.equal(isFree(), false);
      active.cancel(0);
      await stepThat(active, 'a', ({ background }) => background === 'ended');
      await waitFor('the lock to be free', isFree);
      active.cancel();
      await active.ended;
    }
    locks.close();
  });

  it('can be stopped alone', async () => {
    const active = all.start(cells({ 'a background': 'hang', b: 'hang' }));
    await stepThat(active, 'b', ({ state }) => state === 'running');
    active.cancel(0);
    const stopped = await stepThat(active, 'a', ({ background }) => background === 'ended');
    assert.equal(stopped.state, 'passed');
    assert.equal(active.record.steps[1]?.state, 'running');
    active.cancel(1);
    await active.ended;
  });

  it('can be cancelled while it is not ready', async () => {
    const active = all.start(cells({ 'a background ready="exit 1"': 'hang', b: '' }));
    await stepThat(active, 'a', ({ state }) => state === 'running');
    active.cancel();
    assert.equal(says(await active.ended), 'cancelled a:cancelled b:not-run');
    assert.ok(all.sessions.log.includes('-hang'));
  });

  describe('that is the last one', () => {
    const text = cells({ a: '', 'b background': 'print up\nhang' });

    it('keeps the run going where a person looks on, but not the session', async () => {
      const kept = { session: 'kept', attended: true } as const;
      const active = all.start(text, kept);
      await stepThat(active, 'b', ({ background }) => background === 'running');
      assert.equal((await all.run(cells({ c: '' }), kept)).state, 'passed');
      assert.equal(active.record.state, 'running');
      assert.ok(all.runs.active(active.record.id));
      active.cancel(1);
      const ended = await active.ended;
      assert.equal(says(ended), 'passed a:passed b:passed');
      assert.equal(ended.steps[1]?.background, 'ended');
    });

    it('keeps its session from being closed for want of use', async () => {
      const expiries = new Set<() => void>();
      const clock: Clock = {
        ...hastyClock,
        after(ms, action) {
          if (ms < 60 * 60 * 1000) return hastyClock.after(ms, action);
          expiries.add(action);
          return { dispose: () => void expiries.delete(action) };
        },
      };
      await using own = await runFixture({ clock });
      const kept = { session: 'kept', attended: true } as const;
      const active = own.start(text, kept);
      await stepThat(active, 'b', ({ background }) => background === 'running');
      await own.run(cells({ c: '' }), kept);
      assert.equal(expiries.size, 0);
      active.cancel();
      await active.ended;
      assert.equal(expiries.size, 1);
      expiries.forEach(expire => expire());
      await waitFor('the session to be closed', () => own.sessions.opened[0]?.closed);
    });

    it('ends with the run’s Stop', async () => {
      const active = all.start(text, { attended: true });
      await stepThat(active, 'b', ({ background }) => background === 'running');
      active.cancel();
      assert.equal((await active.ended).state, 'passed');
    });

    it('ends with the run where nobody looks on', async () => {
      const ended = await all.run(text);
      assert.equal(says(ended), 'passed a:passed b:passed');
    });

    it('ends the run when it ends itself, with its outcome', async () => {
      const ended = await all.run(cells({ 'a background': 'wait 400\nexit 4' }), { attended: true });
      assert.equal(says(ended), 'failed a:failed');
      assert.match(ended.message ?? '', /exit 4/);
    });

    it('ends when the session is reset', async () => {
      const active = all.start(text, { session: 'kept', attended: true });
      await stepThat(active, 'b', ({ background }) => background === 'running');
      await all.runs.resetSession(active.record.file, 'editor');
      assert.equal((await active.ended).state, 'passed');
    });
  });
});
