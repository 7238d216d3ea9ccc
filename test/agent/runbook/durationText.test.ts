import assert from 'node:assert/strict';
import { durationText } from '../../../agent/runbook/duration';

describe('durations in words', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0.0 s'],
    [-5, '0.0 s'],
    [99.6, '0.0 s'],
    [100, '0.1 s'],
    [1590, '1.5 s'],
    [9990, '9.9 s'],
    [30_000, '30 s'],
    [45_980, '45.9 s'],
    [59_999, '59.9 s'],
    [60_000, '1 min'],
    [72_000, '1 min 12 s'],
    [185_000, '3 min 5 s'],
    [11 * 60_000 + 5000, '11 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
  ];
  for (const [ms, expected] of cases)
    it(`${ms} ms is ${expected}`, () => assert.equal(durationText(ms), expected));
});
