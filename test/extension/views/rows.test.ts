import assert from 'node:assert/strict';
import type { RunSummary, StepRecord } from '../../../agent/protocol/runs';
import { cellDescription, runbookDescription } from '../../../extension/views/runbooks/runbookWords';
import { runRow, stepRow } from '../../../extension/views/runs/runWords';
import { someRun, someStep } from '../../support/someRuns';

const now = new Date(2026, 10, 18, 18, 30).getTime();
const yesterday = new Date(2026, 10, 17, 18, 2).getTime();

describe('rows of runs', () => {
  const cases: readonly (readonly [Partial<RunSummary>, string, string])[] = [
    [
      { state: 'running', startedAt: now - 72_000, stepsDone: 3 },
      'step 4 of 9 · 1 min 12 s',
      'deploy-shop, running, step 4 of 9, 1 min 12 s',
    ],
    [
      { state: 'running', startedAt: now - 2300, stepsDone: 9 },
      'step 9 of 9 · 2 s',
      'deploy-shop, running, step 9 of 9, 2 s',
    ],
    [
      { state: 'failed', step: 'smoke-test', startedAt: yesterday, endedAt: yesterday + 180_000 },
      '✗ smoke-test · 3 min · yesterday 18:02',
      'deploy-shop, failed, at smoke-test, 3 min, yesterday 18:02',
    ],
    [
      { state: 'passed', step: 'last', startedAt: yesterday, endedAt: yesterday + 430 },
      '✓ 0.4 s · yesterday 18:02',
      'deploy-shop, passed, 0.4 s, yesterday 18:02',
    ],
    [
      { state: 'interrupted', step: 'drain', startedAt: yesterday, endedAt: yesterday + 5000 },
      '■ drain · interrupted · 5.0 s · yesterday 18:02',
      'deploy-shop, interrupted, at drain, 5.0 s, yesterday 18:02',
    ],
  ];
  for (const [change, description, spoken] of cases) {
    it(description, () =>
      assert.deepEqual(runRow({ ...someRun, ...change }, now), { label: 'deploy-shop', description, spoken }),
    );
  }
});

describe('rows of steps', () => {
  const cases: readonly (readonly [Partial<StepRecord>, string])[] = [
    [{ state: 'passed', startedAt: now - 2300, endedAt: now }, '2.3 s'],
    [{ state: 'running', startedAt: now - 2300 }, '2 s'],
    [{ state: 'failed', reason: 'exit', exit: 7, startedAt: now - 400, endedAt: now }, 'exit 7 · 0.4 s'],
    [{ state: 'not-run' }, 'not run'],
  ];
  for (const [change, description] of cases) {
    it(description, () => assert.equal(stepRow({ ...someStep, ...change }, now).description, description));
  }
});

describe('rows of runbooks', () => {
  const ended = { ...someRun, endedAt: now - 2 * 3_600_000 };
  const cases: readonly (readonly [string, RunSummary | undefined, string])[] = [
    ['docs', ended, 'docs · ✓ 2 h ago'],
    ['', { ...ended, state: 'failed' }, '✗ 2 h ago'],
    ['docs', undefined, 'docs'],
    ['', { ...someRun, state: 'running', stepsDone: 1 }, '● step 2 of 9'],
  ];
  for (const [folder, last, expected] of cases) {
    it(expected, () => assert.equal(runbookDescription(folder, last, now), expected));
  }

  it('show a cell’s command, and what went wrong', () => {
    assert.equal(cellDescription('kubectl drain node', undefined), 'kubectl drain node');
    assert.equal(cellDescription('kubectl drain node', someStep), 'kubectl drain node');
    assert.equal(cellDescription('drain', { ...someStep, state: 'failed', exit: 7 }), '✗ exit 7 · drain');
    assert.equal(cellDescription('x'.repeat(99), undefined), `${'x'.repeat(59)}…`);
  });
});
