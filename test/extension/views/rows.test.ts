import assert from 'node:assert/strict';
import type { RunRecord, RunSummary, StepRecord } from '../../../agent/protocol/runs';
import { fileResult, type FileResult } from '../../../extension/views/runbooks/fileResult';
import {
  cellDescription,
  runbookDescription,
  spokenResult,
} from '../../../extension/views/runbooks/runbookWords';
import { runTooltip } from '../../../extension/views/runs/runTooltip';
import { runRow, stepRow } from '../../../extension/views/runs/runWords';
import { someRun, someStep } from '../../support/someRuns';

const now = new Date(2026, 10, 18, 18, 30).getTime();
const yesterday = new Date(2026, 10, 17, 18, 2).getTime();

describe('rows of runs', () => {
  const cases: (readonly [Partial<RunSummary>, string, string])[] = [
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
      'deploy-shop, failed, smoke-test, 3 min, yesterday 18:02',
    ],
    [
      { state: 'passed', step: 'last', startedAt: yesterday, endedAt: yesterday + 430 },
      '✓ 0.4 s · yesterday 18:02',
      'deploy-shop, passed, 0.4 s, yesterday 18:02',
    ],
    [
      { state: 'interrupted', step: 'drain', startedAt: yesterday, endedAt: yesterday + 5040 },
      '■ drain · at least 5.0 s · yesterday 18:02',
      'deploy-shop, interrupted, drain, at least 5.0 s, yesterday 18:02',
    ],
    [
      { state: 'interrupted', step: 'drain', startedAt: yesterday },
      '■ drain · yesterday 18:02',
      'deploy-shop, interrupted, drain, yesterday 18:02',
    ],
    [
      { state: 'passed', only: 'drain', step: 'drain', startedAt: yesterday, endedAt: yesterday + 1690 },
      '✓ drain · 1.6 s · yesterday 18:02',
      'deploy-shop, passed, drain, 1.6 s, yesterday 18:02',
    ],
    [
      { state: 'passed', stepsTotal: 1, step: 'drain', startedAt: yesterday, endedAt: yesterday + 12 },
      '✓ drain · 0.0 s · yesterday 18:02',
      'deploy-shop, passed, drain, 0.0 s, yesterday 18:02',
    ],
    [
      { state: 'failed', only: 'drain', step: 'log-in', startedAt: yesterday, endedAt: yesterday + 700 },
      '✗ log-in · for drain · 0.7 s · yesterday 18:02',
      'deploy-shop, failed, log-in, for drain, 0.7 s, yesterday 18:02',
    ],
    [
      { state: 'running', only: 'drain', stepsTotal: 1, stepsDone: 0, startedAt: now - 40 },
      'drain · 0 s',
      'deploy-shop, running, drain, 0 s',
    ],
    [
      { state: 'running', only: 'drain', stepsTotal: 2, stepsDone: 0, startedAt: now - 2300 },
      'drain · step 1 of 2 · 2 s',
      'deploy-shop, running, drain, step 1 of 2, 2 s',
    ],
  ];
  const back = { run: '8f3a', how: 'rollback' as const };
  cases.push([
    { state: 'passed', continues: back, startedAt: yesterday, endedAt: yesterday + 430 },
    '✓ roll back · 0.4 s · yesterday 18:02',
    'deploy-shop, passed, roll back, 0.4 s, yesterday 18:02',
  ]);
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

describe('the tooltip of a run', () => {
  const failed: RunRecord = {
    ...someRun,
    state: 'failed',
    step: 'drain',
    startedAt: yesterday,
    endedAt: yesterday + 180_000,
    textHash: '',
    cwd: '/',
    host: 'here',
    steps: [
      {
        ...someStep,
        index: 3,
        state: 'failed',
        reason: 'exit',
        exit: 7,
        failedLine: 41,
        message: 'verify exited 7: true',
      },
    ],
  };
  const end = [
    '/home/ana/docs/deploy-shop.md',
    'started yesterday 18:02 by ana (editor), took 3 min',
    'run 8f3a',
  ];

  it('tells step, reason and what to do next', () => {
    assert.deepEqual(runTooltip(failed, now).split('\n'), [
      'deploy-shop: failed at drain, step 4 of 9',
      'exit 7 · line 41 · verify exited 7: true',
      'Next: open the step to see its line and its output, mend it, Resume from the Failed Step.',
      '',
      ...end,
    ]);
  });

  it('makes do with what the list knows', () => {
    const listed: RunSummary = { ...someRun, state: 'failed', step: 'drain', message: 'The disk is full.' };
    const times = { startedAt: yesterday, endedAt: yesterday + 180_000 };
    assert.deepEqual(runTooltip({ ...listed, ...times }, now).split('\n'), [
      'deploy-shop: failed at drain',
      'The disk is full.',
      'Next: open the step to see its line and its output, mend it, Resume from the Failed Step.',
      '',
      ...end,
    ]);
  });

  it('names the one cell that failed once', () => {
    const [first] = runTooltip({ ...failed, stepsTotal: 1 }, now).split('\n');
    assert.equal(first, 'drain of deploy-shop: failed');
  });

  it('names the one cell that ran', () => {
    const [first, second] = runTooltip({ ...failed, state: 'passed', only: 'drain' }, now).split('\n');
    assert.deepEqual([first, second], ['drain of deploy-shop: passed, 9 steps', '']);
  });
});

describe('rows of runbooks', () => {
  const at = now - 2 * 3_600_000;
  const step = (state: StepRecord['state'], name = 'drain'): StepRecord => ({
    ...someStep,
    name,
    state,
    endedAt: at,
  });
  const going: FileResult = { kind: 'going', run: { ...someRun, state: 'running', stepsDone: 1 } };
  const cases: readonly (readonly [string, FileResult | undefined, string, string])[] = [
    ['docs', fileResult([step('passed')], 1), 'docs · ✓ 2 h ago', 'passed 2 h ago'],
    ['', fileResult([step('passed'), step('skipped')], 2), '✓ 2 h ago', 'passed 2 h ago'],
    ['', fileResult([step('passed')], 6), '✓ 1 of 6 · 2 h ago', 'passed 2 h ago, 5 of 6 cells not run'],
    ['', fileResult([step('passed'), step('failed')], 2), '✗ drain · 2 h ago', 'failed 2 h ago: drain'],
    [
      '',
      fileResult([step('failed', 'a'), step('interrupted'), step('failed', 'b')], 9),
      '✗ 2 failed · 2 h ago',
      'failed 2 h ago: a, b',
    ],
    ['', fileResult([step('passed'), step('cancelled')], 2), '■ drain · 2 h ago', 'cancelled 2 h ago: drain'],
    ['docs', fileResult([step('not-run')], 1), 'docs', 'not run yet'],
    ['', going, '● step 2 of 9', 'running, step 2 of 9'],
  ];
  for (const [folder, result, expected, spoken] of cases) {
    it(expected, () => {
      assert.equal(runbookDescription(folder, result, now), expected);
      assert.equal(spokenResult(result, now), spoken);
    });
  }

  it('show a cell’s command, and what went wrong', () => {
    assert.equal(cellDescription('kubectl drain node', undefined), 'kubectl drain node');
    assert.equal(cellDescription('kubectl drain node', someStep), 'kubectl drain node');
    assert.equal(cellDescription('drain', { ...someStep, state: 'failed', exit: 7 }), '✗ exit 7 · drain');
    assert.equal(cellDescription('x'.repeat(99), undefined), `${'x'.repeat(59)}…`);
  });
});
