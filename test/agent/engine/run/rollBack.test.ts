import assert from 'node:assert/strict';
import type { RunRequest } from '../../../../agent/engine/types';
import { runFixture, says, stepThat } from './runFixture';
import type { RunFixture } from './runFixture';
import { cells } from '../sampleRequest';

describe('a run that is rolled back', () => {
  let all: RunFixture;

  beforeEach(async () => (all = await runFixture()));
  afterEach(() => all[Symbol.asyncDispose]());

  const around = (third: Record<string, string>): Record<string, string> => ({
    'a rollback=undo-a': 'print a',
    undo: 'print nothing of it',
    'b rollback=undo-b': 'print b',
    ...third,
    'undo-a': 'print undo a',
    'undo-b': 'print undo b',
  });
  const base = around({ c: 'exit 1' });
  const asked = { rollback: true };

  const outcomes: readonly (readonly [
    what: string,
    texts: Record<string, string>,
    change: Partial<RunRequest>,
    outcome: string,
    message: string | undefined,
  ])[] = [
    [
      'undoes what passed in reverse order',
      base,
      asked,
      'failed a:passed undo:passed b:passed c:failed undo-a:passed undo-b:passed',
      'rolled back: 2 steps undone',
    ],
    [
      'does so where the failed step says so',
      around({ 'c on-error=rollback': 'exit 1' }),
      {},
      'failed a:passed undo:passed b:passed c:failed undo-a:passed undo-b:passed',
      'rolled back: 2 steps undone',
    ],
    [
      'is not, where nobody wants it',
      base,
      {},
      'failed a:passed undo:passed b:passed c:failed undo-a:skipped undo-b:skipped',
      undefined,
    ],
    [
      'is not, where nothing fails',
      around({ c: '' }),
      asked,
      'passed a:passed undo:passed b:passed c:passed undo-a:skipped undo-b:skipped',
      undefined,
    ],
    [
      'is not, where the failure may be',
      { 'a rollback=u': '', 'b on-error=continue': 'exit 1', u: '' },
      asked,
      'failed a:passed b:failed u:skipped',
      undefined,
    ],
    [
      'leaves alone what was done already, and what comes after the failure',
      {
        'a unless="print y" rollback=u': '',
        'b rollback=v': '',
        c: 'exit 1',
        'd rollback=w': '',
        u: '',
        v: '',
        w: '',
      },
      { ...asked, keepGoing: true },
      'failed a:skipped b:passed c:failed d:passed u:skipped v:passed w:skipped',
      'rolled back: 1 step undone',
    ],
    [
      'undoes what failed midway too',
      { 'a rollback=u': 'exit 1', u: '' },
      asked,
      'failed a:failed u:passed',
      'rolled back: 1 step undone',
    ],
    [
      'does not undo what could not even start',
      { 'a rollback=u': 'error no bash', u: '' },
      asked,
      'failed a:failed u:skipped',
      undefined,
    ],
    [
      'goes on where undoing fails, and says where',
      { ...base, 'undo-b': 'exit 9' },
      asked,
      'failed a:passed undo:passed b:passed c:failed undo-a:passed undo-b:failed',
      'rollback failed: undo-b; 1 of 2 undone',
    ],
    [
      'undoes siblings that passed beside the one that failed',
      { 'a parallel=g': 'exit 1', 'b parallel=g rollback=u': 'wait 10', u: '' },
      asked,
      'failed a:failed b:passed u:passed',
      'rolled back: 1 step undone',
    ],
  ];
  for (const [what, texts, change, outcome, message] of outcomes) {
    it(what, async () => {
      const ended = await all.run(cells(texts), change);
      assert.equal(says(ended), outcome);
      assert.equal(ended.message, message);
      const counted = ended.steps.filter(({ undoes, startedAt }) => undoes === undefined || startedAt);
      assert.deepEqual(
        [ended.stepsTotal, ended.stepsDone],
        [counted.length, counted.filter(({ state }) => state !== 'not-run').length],
      );
    });
  }

  it('runs them one after another from the last to the first, in the session', async () => {
    await all.run(cells(base), asked);
    assert.deepEqual(all.sessions.texts().slice(-2), ['print undo b', 'print undo a']);
  });

  it('says that a step which failed midway may have done more', async () => {
    const ended = await all.run(cells({ 'a rollback=u': 'exit 1', u: '' }), asked);
    assert.match(ended.steps[1]?.message ?? '', /a had ended midway/);
  });

  it('is not, where it is cancelled', async () => {
    const active = all.start(cells({ 'a rollback=u': '', b: 'hang', u: '' }), asked);
    await stepThat(active, 'b', ({ state }) => state === 'running');
    active.cancel();
    assert.equal(says(await active.ended), 'cancelled a:passed b:cancelled u:skipped');
  });

  it('stops undoing when it is cancelled meanwhile', async () => {
    const texts = { 'a rollback=u': '', 'b rollback=v': '', c: 'exit 1', u: '', v: 'hang' };
    const active = all.start(cells(texts), asked);
    await stepThat(active, 'v', ({ state }) => state === 'running');
    active.cancel();
    assert.equal(says(await active.ended), 'failed a:passed b:passed c:failed u:not-run v:cancelled');
  });

  it('runs a kept session’s step again that was undone', async () => {
    const kept = { session: 'kept' } as const;
    const text = cells({ 'a rollback=u': 'print a', 'b needs=a': 'exit-until 1 3', u: '' });
    const only: Partial<RunRequest> = { ...kept, selection: { kind: 'cells', indexes: [1] } };
    await all.run(text, { ...only, rollback: true });
    assert.equal(says(await all.run(text, only)), 'passed a:passed b:passed u:skipped');
  });
});
