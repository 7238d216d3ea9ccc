import assert from 'node:assert/strict';
import type { RunRecord, RunSummary, StepRecord } from '../../../agent/protocol/runs';
import { isRolledBack, undoable } from '../../../extension/views/runs/undoable';
import { someRun, someStep } from '../../support/someRuns';

describe('what a run leaves to be undone', () => {
  const step = (index: number, change: Partial<StepRecord>): StepRecord => ({
    ...someStep,
    index,
    startedAt: 1,
    ...change,
  });
  const undo = (index: number, undoes: number, change: Partial<StepRecord> = {}) =>
    step(index, { state: 'not-run', undoes, startedAt: undefined, ...change });
  const cases: readonly (readonly [string, RunRecord['state'], StepRecord[], number])[] = [
    ['nothing without rollback cells', 'failed', [step(0, {}), step(1, { state: 'failed' })], 0],
    ['each step that passed', 'failed', [step(0, {}), step(1, {}), undo(2, 0), undo(3, 1)], 2],
    ['a step that failed midway', 'failed', [step(0, { state: 'failed', reason: 'exit' }), undo(1, 0)], 1],
    [
      'nothing of a step that could not begin',
      'failed',
      [step(0, { state: 'failed', reason: 'error' }), undo(1, 0)],
      0,
    ],
    [
      'nothing of a step that was not run',
      'failed',
      [step(0, { state: 'not-run', startedAt: undefined }), undo(1, 0)],
      0,
    ],
    ['nothing that is undone already', 'failed', [step(0, {}), undo(1, 0, { startedAt: 1 })], 0],
    ['nothing of a run that passed', 'passed', [step(0, {}), undo(1, 0)], 0],
    ['what a declined run did', 'cancelled', [step(0, {}), undo(1, 0)], 1],
  ];
  for (const [title, state, steps, expected] of cases) {
    it(title, () =>
      assert.equal(undoable({ ...someRun, state, steps, textHash: '', cwd: '/', host: 'h' }), expected),
    );
  }

  it('is nothing once another run has rolled it back to its end', () => {
    const back = (state: RunSummary['state'], how: 'rollback' | 'resume'): RunSummary[] => [
      { ...someRun, id: 'back', state, continues: { run: someRun.id, how } },
    ];
    assert.equal(isRolledBack(someRun, back('passed', 'rollback')), true);
    assert.equal(isRolledBack(someRun, back('failed', 'rollback')), false);
    assert.equal(isRolledBack(someRun, back('passed', 'resume')), false);
    assert.equal(isRolledBack({ id: 'other' }, back('passed', 'rollback')), false);
  });
});
