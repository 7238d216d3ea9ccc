import assert from 'node:assert/strict';
import type { StepRecord } from '../../../agent/protocol/runs';
import { cellLabel, resultLabel } from '../../../extension/notebook/cellLabels';
import { someStep } from '../../support/someRuns';

describe('the label of a cell', () => {
  const plain = { name: 'restart', target: 'local', confirm: false };
  const cases: readonly (readonly [Parameters<typeof cellLabel>[0], string, string])[] = [
    [plain, 'restart · local', 'Cell restart, runs on this machine'],
    [
      { ...plain, timeout: '30 s' },
      'restart · local · 30 s',
      'Cell restart, runs on this machine, ends after 30 s at the latest',
    ],
    [
      { ...plain, target: 'pod:shop/api', confirm: true, leftOut: 'it says so' },
      'restart · pod:shop/api · asks first · not in Run All',
      'Cell restart, runs on pod:shop/api, asks before it runs, is left out by Run All: it says so',
    ],
  ];
  for (const [cell, text, tooltip] of cases) {
    it(text, () => assert.deepEqual(cellLabel(cell), { text, tooltip }));
  }
});

describe('the label of a result', () => {
  const cases: readonly (readonly [Partial<StepRecord>, boolean, string | undefined])[] = [
    [{ state: 'passed' }, false, undefined],
    [{ state: 'passed' }, true, 'edited since'],
    [{ state: 'running' }, false, undefined],
    [{ state: 'pending' }, false, undefined],
    [{ state: 'pending', message: 'waits for run 8f3a' }, false, '○ waits for run 8f3a'],
    [{ state: 'failed', reason: 'exit', exit: 7, failedLine: 41 }, false, '✗ exit 7 · line 41'],
    [{ state: 'failed', reason: 'exit', exit: 7, failedLine: 41 }, true, '✗ exit 7 · line 41 · edited since'],
    [{ state: 'failed', reason: 'signal', signal: 'SIGKILL' }, false, '✗ ended by SIGKILL'],
    [{ state: 'failed', reason: 'timeout' }, false, '✗ timed out'],
    [
      { state: 'failed', reason: 'error', message: 'fish is not installed: apt-get install fish' },
      false,
      '✗ fish is not installed: apt-get install fish',
    ],
    [{ state: 'failed', reason: 'error', message: `two\nlines` }, false, '✗ two'],
    [{ state: 'failed', reason: 'error', message: 'x'.repeat(100) }, false, `✗ ${'x'.repeat(79)}…`],
    [{ state: 'not-run' }, false, '○ not run'],
    [{ state: 'skipped', reason: 'satisfied' }, false, '○ skipped (satisfied)'],
    [{ state: 'skipped', reason: 'guard' }, false, '○ skipped'],
    [{ state: 'cancelled' }, false, '■ cancelled'],
    [{ state: 'interrupted' }, false, '■ interrupted'],
  ];
  for (const [change, edited, expected] of cases) {
    it(expected ?? `nothing for ${String(change.state)}`, () =>
      assert.equal(resultLabel({ ...someStep, ...change }, edited, false, 0)?.text, expected),
    );
  }

  it('leaves to the line below an output what that says', () => {
    const failed: StepRecord = { ...someStep, state: 'failed', reason: 'exit', exit: 7, failedLine: 41 };
    assert.equal(resultLabel(failed, false, true, 0), undefined);
    const there = { ...failed, startedAt: 1, target: 'container:web' };
    assert.equal(resultLabel(there, false, true, 0, 'local')?.text, 'ran on container:web');
    assert.equal(resultLabel(there, false, true, 0, 'container:web'), undefined);
    assert.equal(resultLabel(failed, true, true, 0)?.text, 'edited since');
  });

  it('tells what has changed since a failed cell last passed', () => {
    const now = new Date(2026, 2, 2, 12).getTime();
    const since = { passedAt: now - 86_400_000, changes: ['kubectl 1.29 → 1.31', 'cell edited'] };
    const failed: StepRecord = { ...someStep, state: 'failed', reason: 'exit', exit: 7, since };
    assert.equal(
      resultLabel(failed, false, false, now)?.tooltip,
      'exit 7 · passed yesterday 12:00; since then: kubectl 1.29 → 1.31, cell edited',
    );
  });

  it('goes to the line that failed', () => {
    assert.equal(resultLabel({ ...someStep, state: 'failed', failedLine: 41 }, false, false, 0)?.line, 41);
  });
});
