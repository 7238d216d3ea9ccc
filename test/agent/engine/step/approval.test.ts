import assert from 'node:assert/strict';
import { ConfigFile } from '../../../../agent/config/configFile';
import { HandrailError } from '../../../../agent/protocol/errors';
import type { ActiveRun } from '../../../../agent/engine/types';
import type { StepRecord } from '../../../../agent/protocol/runs';
import { runFixture, says, stepThat } from '../run/runFixture';
import type { RunFixture } from '../run/runFixture';
import { cells } from '../sampleRequest';

describe('a step that asks', () => {
  let all: RunFixture;
  const text = cells({ a: '', 'b confirm="Restart?"': 'print b', c: '' });
  const asked = { asks: true };

  beforeEach(async () => (all = await runFixture()));
  afterEach(() => all[Symbol.asyncDispose]());

  const question = (active: ActiveRun): Promise<StepRecord> =>
    stepThat(active, 'b', ({ asks }) => asks !== undefined);

  it('waits when its turn has come, with the question, and goes on once approved', async () => {
    const active = all.start(text, asked);
    const waiting = await question(active);
    assert.deepEqual([waiting.state, waiting.asks], ['pending', 'Restart? (local, effect=change)']);
    assert.deepEqual(all.store.find(active.record.id)?.steps[1]?.asks, 'Restart? (local, effect=change)');
    assert.equal(active.record.steps[0]?.state, 'passed');
    active.answer(0, true, 'eve');
    active.answer(1, true, 'bob');
    const ended = await active.ended;
    assert.equal(says(ended), 'passed a:passed b:passed c:passed');
    assert.deepEqual([ended.steps[1]?.approvedBy, ended.steps[1]?.asks], ['bob', undefined]);
    const [row] = all.store.audit.list({ limit: 100 }).filter(({ action }) => action === 'step.approved');
    assert.deepEqual([row?.subject, row?.details['by']], ['b', 'bob']);
  });

  it('tells what is to be typed in production while it asks, and records it until then', async () => {
    const config = () => ({
      config: ConfigFile.parse({ production: 'prod-*' }),
      problems: [],
    });
    const identity = () => [{ kind: 'kube', label: 'prod-eu', values: { context: 'prod-eu' }, held: true }];
    await using ruled = await runFixture({ world: { config, identity } });
    const kube = cells({ b: 'print kubectl apply' });
    const active = ruled.start(kube, { asks: true, approved: ['*'] });
    const waiting = await question(active);
    assert.equal(waiting.typed, 'prod-eu');
    assert.equal(ruled.store.find(active.record.id)?.steps[0]?.typed, 'prod-eu');
    active.answer(0, true, 'bob');
    const ended = await active.ended;
    assert.deepEqual(
      [ended.state, ended.steps[0]?.asks, ended.steps[0]?.typed],
      ['passed', undefined, undefined],
    );
    assert.equal((await ruled.run(kube, { approved: ['b'] })).state, 'passed');
  });

  it('is cancelled with its run when somebody declines', async () => {
    const active = all.start(text, { ...asked, keepGoing: true });
    await question(active);
    active.answer(1, false, 'bob');
    const ended = await active.ended;
    assert.equal(says(ended), 'cancelled a:passed b:cancelled c:not-run');
    assert.deepEqual([ended.steps[1]?.reason, ended.steps[1]?.message], ['cancel', 'declined by bob']);
    assert.equal(ended.message, 'cancelled by bob at step 2 of 3');
    assert.ok(!all.sessions.texts().includes('print b'));
    const actions = all.store.audit.list({ limit: 100 }).map(({ action }) => action);
    assert.ok(actions.includes('step.declined') && actions.includes('run.cancelled'));
  });

  for (const [what, step, outcome] of [
    ['run', undefined, 'cancelled a:passed b:cancelled c:not-run'],
    ['step', 1, 'cancelled a:passed b:cancelled c:not-run'],
  ] as const) {
    it(`can be cancelled with its ${what} while it waits`, async () => {
      const active = all.start(text, asked);
      await question(active);
      active.cancel(step);
      const ended = await active.ended;
      assert.equal(says(ended), outcome);
      assert.equal(ended.steps[1]?.asks, undefined);
    });
  }

  it('does not ask what was approved before', async () => {
    assert.equal((await all.run(text, { approved: ['b'] })).state, 'passed');
    assert.equal((await all.run(text, { approved: ['*'], ...asked })).state, 'passed');
  });

  it('tells who approved it beforehand, also in the audit log', async () => {
    const ended = await all.run(text, { approved: ['*'] });
    const by = `${ended.user}, beforehand`;
    assert.deepEqual(
      ended.steps.map(({ approvedBy }) => approvedBy),
      [undefined, by, undefined],
    );
    const rows = all.store.audit.list({ limit: 100 }).filter(({ action }) => action === 'step.approved');
    assert.deepEqual(
      rows.map(({ subject, details }) => [subject, details['by']]),
      [['b', by]],
    );
  });

  it('is refused before anything runs where nobody answers', () => {
    assert.throws(
      () => all.start(text),
      (error: unknown) => error instanceof HandrailError && error.code === 'needsAnswer',
    );
    assert.deepEqual(all.sessions.texts(), []);
  });

  it('ignores answers to what is not asked', async () => {
    const active = all.start(cells({ a: 'wait 20' }), asked);
    active.answer(0, false, 'eve');
    active.answer(7, false, 'eve');
    assert.equal((await active.ended).state, 'passed');
  });
});
