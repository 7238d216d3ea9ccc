import assert from 'node:assert/strict';
import { runFixture, says, stepThat } from './runFixture';
import type { RunFixture } from './runFixture';
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

  it('makes the run fail where it dies later, and stays passed', async () => {
    const ended = await all.run(cells({ 'a background ready=""': 'wait 400\nexit 9', b: 'wait 600' }));
    assert.equal(says(ended), 'failed a:passed b:passed');
    assert.match(ended.steps[0]?.message ?? '', /ended in the background: exit 9/);
    assert.match(ended.message ?? '', /a ended in the background: exit 9/);
    assert.equal(ended.step, 'a');
  });

  it('is asked once more at the end of its time', async () => {
    const ended = await all.run(cells({ 'a background ready="exit-until 3 1" timeout=400ms': 'hang' }));
    assert.equal(says(ended), 'passed a:passed');
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
      assert.equal(says(ended), 'failed a:passed');
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
