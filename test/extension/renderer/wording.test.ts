import assert from 'node:assert/strict';
import { cutLine, missingText } from '../../../extension/renderer/missing';
import type { StepStatus } from '../../../extension/renderer/messages';
import { extentText, sizeText, statusText } from '../../../extension/renderer/wording';

describe('words of an output', () => {
  const times = { startedAt: 1000, endedAt: 1400 };
  const states: [StepStatus, string | undefined][] = [
    [{ state: 'pending' }, 'waiting…'],
    [{ state: 'pending', message: 'migrate' }, 'waiting for migrate…'],
    [{ state: 'running', startedAt: 1000 }, undefined],
    [{ state: 'passed', reason: 'exit', exit: 0, ...times }, '✓ 0.4 s'],
    [{ state: 'failed', reason: 'exit', exit: 7, ...times }, '✗ exit 7 · 0.4 s'],
    [{ state: 'failed', reason: 'signal', signal: 'SIGKILL', ...times }, '✗ ended by SIGKILL · 0.4 s'],
    [{ state: 'failed', reason: 'timeout', exit: 143, ...times }, '✗ timed out · 0.4 s'],
    [
      { state: 'failed', reason: 'timeout', message: 'stopped after 30 s (timeout=)', ...times },
      '✗ timed out · stopped after 30 s (timeout=)',
    ],
    [
      { state: 'failed', reason: 'exit', exit: 7, message: 'verify exited 7: curl -f x', ...times },
      '✗ verify exited 7: curl -f x · 0.4 s',
    ],
    [{ state: 'failed', reason: 'error', message: 'fish is not installed' }, '✗ fish is not installed'],
    [{ state: 'failed', reason: 'error' }, '✗ could not run'],
    [
      { state: 'failed', reason: 'lost', message: 'container box has ended', ...times },
      '✗ ran in part, then was lost · container box has ended · 0.4 s',
    ],
    [{ state: 'cancelled', reason: 'cancel', ...times }, '■ cancelled · 0.4 s'],
    [{ state: 'interrupted', ...times }, '■ interrupted · the agent ended while it ran · at least 0.4 s'],
    [{ state: 'skipped', reason: 'satisfied' }, '↷ skipped (satisfied)'],
    [{ state: 'skipped', reason: 'guard' }, '↷ skipped · its condition was not met'],
    [{ state: 'not-run', message: 'build failed' }, 'not run · build failed'],
  ];
  for (const [status, expected] of states) {
    it(`${status.state} ${status.reason ?? ''}: ${expected ?? 'nothing'}`, () => {
      const text = statusText(status);
      assert.equal(text && `${text.sign} ${text.text}`.trim(), expected);
    });
  }

  it('says sizes', () => {
    const cases: [number, string][] = [
      [1, '1 byte'],
      [999, '999 bytes'],
      [3_200_000, '3.2 MB'],
      [64_000_000, '64 MB'],
      [999_600, '1.0 MB'],
      [2_000_000_000, '2.0 GB'],
    ];
    for (const [bytes, expected] of cases) assert.equal(sizeText(bytes), expected);
  });

  it('says how long an output is', () => {
    assert.equal(extentText(20_001, 5), '20,001 lines');
    assert.equal(extentText(1, 5), '1 line');
    assert.equal(extentText(0, 5), '5 bytes');
    assert.equal(extentText(undefined, 64_000_000), '64 MB');
  });

  it('says what is not shown', () => {
    assert.equal(missingText({ total: 500, skipped: 0, full: undefined }), undefined);
    assert.equal(
      missingText({ total: 9e6, skipped: 3_200_000, full: undefined }),
      '… first 3.2 MB not shown',
    );
    assert.equal(
      missingText({ total: 64e6, skipped: 60e6, full: 10_000 }),
      '… only the last 10,000 lines of 64 MB shown',
    );
    assert.equal(cutLine(12e6), '… 12 MB not recorded: over the limit of a step');
  });
});
