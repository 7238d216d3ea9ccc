import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { RunRequest } from '../../../../agent/engine/types';
import { resumePoints } from '../../../../agent/engine/run/resumePoint';
import type { RunRecord } from '../../../../agent/protocol/runs';
import { runFixture, says, silent, stepThat } from './runFixture';
import type { RunFixture } from './runFixture';
import { cells } from '../sampleRequest';

describe('the state that a resumed run finds', () => {
  let all: RunFixture;
  beforeEach(async () => (all = await runFixture()));
  afterEach(() => all[Symbol.asyncDispose]());

  const resume = (run: RunRecord): Partial<RunRequest> => ({ continues: { run: run.id, how: 'resume' } });

  /** Runs until the step asks, and no further. */
  const cutAtQuestion = async (text: string, name: string): Promise<RunRecord> => {
    const active = all.start(text, { asks: true });
    await stepThat(active, name, ({ asks }) => asks !== undefined);
    active.cancel();
    return active.ended;
  };

  const gaps: readonly (readonly [what: string, before: Record<string, string>])[] = [
    ['passed', { a: 'out X=1' }],
    ['was left out', { a: 'out X=1', 'b when="exit 1"': '' }],
    ['was done already', { a: 'out X=1', 'b unless="exit 0"': '' }],
    ['were left out in a row', { a: 'out X=1', 'b when="exit 1"': '', 'c needs=b': '' }],
    ['was a group', { 'a parallel=g': 'out X=1', 'b parallel=g': '' }],
    ['was a group that gave nothing', { a: 'out X=1', 'b parallel=g': '', 'c parallel=g': '' }],
    ['goes on in the background', { a: 'out X=1', 'b background': 'hang' }],
  ];
  for (const [what, before] of gaps) {
    it(`is there where a step did not begin, and the one before it ${what}`, async () => {
      const first = await cutAtQuestion(cells({ ...before, 'z confirm': 'var X' }), 'z');
      const second = await all.run(cells({ ...before, z: 'var X' }), resume(first));
      assert.equal(second.state, 'passed', says(second));
      assert.equal(all.output(second, second.steps.length - 1), '1\n');
    });
  }

  it('is there for a second resume, also of one that was cancelled before it began', async () => {
    const texts = { a: 'out X=1', 'b when="exit 1"': '', c: 'var X\nexit 1', d: '' };
    const first = await all.run(cells(texts));
    const kept = { session: 'kept' } as const;
    const other = all.start(cells({ z: 'hang' }), kept);
    await stepThat(other, 'z', ({ state }) => state === 'running');
    const waiting = all.start(cells(texts), { ...resume(first), ...kept });
    await stepThat(waiting, 'a', ({ state }) => state === 'skipped');
    waiting.cancel();
    const second = await waiting.ended;
    assert.equal(says(second), 'cancelled a:skipped b:skipped c:not-run d:not-run');
    other.cancel();
    await other.ended;
    const third = await all.run(cells(texts), resume(second));
    assert.equal(all.output(third, 2), '1\n');
    const fourth = await all.run(cells({ ...texts, c: 'var X' }), resume(third));
    assert.equal(says(fourth), 'passed a:skipped b:skipped c:passed d:passed');
    assert.equal(all.output(fourth, 2), '1\n');
  });

  it('has what passed after the step that failed', async () => {
    const texts = { a: '', b: 'exit 1', c: 'out X=1', d: 'exit 1' };
    const first = await all.run(cells(texts), { keepGoing: true });
    assert.equal(says(first), 'failed a:passed b:failed c:passed d:failed');
    const second = await all.run(cells({ ...texts, b: '', d: 'var X' }), resume(first));
    assert.equal(says(second), 'passed a:skipped b:passed c:skipped d:passed');
    assert.equal(all.output(second, 3), '1\n');
  });

  it('has what a sibling gave before that sibling is told to have passed', async () => {
    const saved: string[] = [];
    const observer: typeof silent = {
      ...silent,
      stepChanged(run, { name, state }) {
        if (name !== 'b' || state !== 'passed') return;
        const [at = 0] = resumePoints(run.steps, 0);
        saved.push(readFileSync(all.store.statePath(run.id, at), 'utf8'));
      },
    };
    const text = cells({ 'a parallel=g': 'wait 200', 'b parallel=g': 'out X=7', 'c parallel=g': 'wait 200' });
    await all.runs.start(all.request(text), observer).ended;
    assert.equal(saved.length, 1);
    assert.match(saved[0] ?? '', /"X","7"/);
  });

  it('is that from before what was rolled back, which is run again', async () => {
    const texts = { a: 'out X=1', 'b rollback=u': 'out X=2', c: 'exit 1', u: 'out X=3' };
    const first = await all.run(cells(texts), { rollback: true });
    assert.equal(says(first), 'failed a:passed b:passed c:failed u:passed');
    const second = await all.run(cells({ ...texts, 'b rollback=u': 'var X', c: '' }), resume(first));
    assert.equal(says(second), 'passed a:skipped b:passed c:passed u:skipped');
    assert.equal(all.output(second, 1), '1\n');
  });

  it('undoes nothing twice', async () => {
    const texts = { 'a rollback=ua': '', 'b rollback=ub': '', c: 'exit 1', ua: 'exit 1', ub: '' };
    const first = await all.run(cells(texts), { rollback: true });
    assert.equal(says(first), 'failed a:passed b:passed c:failed ua:failed ub:passed');
    const second = await all.run(cells(texts), { continues: { run: first.id, how: 'rollback' } });
    assert.equal(says(second), 'failed ua:failed');
  });

  it('says nothing of a state where no step had begun', async () => {
    const first = await cutAtQuestion(cells({ 'a confirm': '' }), 'a');
    const plan = all.runs.plan(all.request(cells({ a: '' }), resume(first)));
    assert.deepEqual(
      plan.warnings.map(({ message }) => message).filter(message => message.includes('state')),
      [],
    );
  });

  it('has not passed what has passed in a session that goes back', async () => {
    const text = cells({ m: '', n: '', a: 'print a', b: 'exit 1', 'c needs=m,n': '' });
    const editor = { session: 'kept', by: 'editor' } as const;
    const choose = (...indexes: number[]): Partial<RunRequest> => ({
      ...editor,
      selection: { kind: 'cells', indexes },
    });
    await all.run(text, choose(0));
    const first = await all.run(text, choose(2, 3));
    assert.equal(says(await all.run(text, choose(4))), 'passed n:passed c:passed');
    await all.run(text, { ...editor, ...resume(first) });
    // m passed before the state was saved, n after that.
    assert.equal(says(await all.run(text, choose(4))), 'passed n:passed c:passed');
    assert.equal(says(await all.run(text, choose(4))), 'passed c:passed');
  });
});
