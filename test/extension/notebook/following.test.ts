import assert from 'node:assert/strict';
import type { StepRecord } from '../../../agent/protocol/runs';
import { cellToFollow, stillFollows, type Moved } from '../../../extension/notebook/following';
import { someStep } from '../../support/someRuns';

describe('what is followed of a run', () => {
  const pending: Partial<StepRecord> = { state: 'pending' };
  const running: Partial<StepRecord> = { state: 'running', startedAt: 1 };
  const passed: Partial<StepRecord> = { state: 'passed', startedAt: 1 };
  const failed: Partial<StepRecord> = { state: 'failed', startedAt: 1 };
  const asking: Partial<StepRecord> = { state: 'pending', asks: 'Really?' };
  const notRun: Partial<StepRecord> = { state: 'not-run' };
  type Change = readonly [index: number, before: Partial<StepRecord>, after: Partial<StepRecord>];
  const cases: readonly (readonly [string, readonly Change[], string | undefined])[] = [
    ['nothing where nothing changed', [], undefined],
    ['the cell that begins', [[3, pending, running]], 'cell 3'],
    ['the cell that asks', [[3, pending, asking]], 'cell 3'],
    ['nothing where it has been told already', [[3, running, running]], undefined],
    ['nothing where it asks still', [[3, asking, asking]], undefined],
    ['nothing where a running one passes', [[3, running, passed]], undefined],
    [
      'the first of a group',
      [
        [5, pending, running],
        [4, pending, running],
      ],
      'cell 4',
    ],
    [
      'the one that runs after one that passed',
      [
        [3, running, passed],
        [4, pending, running],
      ],
      'cell 4',
    ],
    [
      'the last of those that were over at once',
      [
        [3, pending, passed],
        [4, pending, passed],
      ],
      'cell 4',
    ],
    [
      'the one that failed before all',
      [
        [3, running, failed],
        [4, pending, notRun],
        [5, pending, running],
      ],
      'cell 3',
    ],
    ['nothing that was not run', [[4, pending, notRun]], undefined],
  ];
  for (const [title, changes, expected] of cases) {
    it(title, () => {
      const moved = changes.map(([index, before, after]): Moved<string> => {
        const step = { ...someStep, index };
        return { cell: `cell ${String(index)}`, before: { ...step, ...before }, step: { ...step, ...after } };
      });
      assert.equal(cellToFollow(moved), expected);
    });
  }
});

describe('whoever follows a run', () => {
  const shown = [{ start: 2, end: 5 }];
  const cases: readonly (readonly [string, { index: number; at: number } | undefined, boolean])[] = [
    ['does so from its beginning', undefined, true],
    ['has what ran last in view', { index: 4, at: 0 }, true],
    ['has scrolled away where that is below', { index: 5, at: 0 }, false],
    ['has scrolled away where that is above', { index: 1, at: 0 }, false],
    ['is given the time to be brought there', { index: 9, at: 9900 }, true],
  ];
  for (const [title, last, expected] of cases) {
    it(title, () => assert.equal(stillFollows(shown, last, 10_000), expected));
  }
});
