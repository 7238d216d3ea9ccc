import assert from 'node:assert/strict';
import { ago, duration, moment } from '../../../extension/views/words';

describe('durations', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0.0 s'],
    [-5, '0.0 s'],
    [430, '0.4 s'],
    [2300, '2.3 s'],
    [9990, '10.0 s'],
    [45_900, '45 s'],
    [60_000, '1 min'],
    [72_000, '1 min 12 s'],
    [185_000, '3 min 5 s'],
    [11 * 60_000 + 5000, '11 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
  ];
  for (const [ms, expected] of cases)
    it(`${String(ms)} ms is ${expected}`, () => assert.equal(duration(ms), expected));
});

describe('times', () => {
  const now = new Date(2026, 10, 18, 18, 30).getTime();
  const minutes = (count: number) => now - count * 60_000;
  const cases: readonly (readonly [number, string, string])[] = [
    [minutes(0), 'just now', '18:30'],
    [minutes(5), '5 min ago', '18:25'],
    [minutes(120), '2 h ago', '16:30'],
    [minutes(24 * 60 + 28), '1 day ago', 'yesterday 18:02'],
    [minutes(3 * 24 * 60), '3 days ago', 'Sunday 18:30'],
    [minutes(15 * 24 * 60), '15 days ago', '3 Nov 18:30'],
    [minutes(400 * 24 * 60), '400 days ago', '14 Oct 2025 18:30'],
    [now + 120_000, 'just now', '18:32'],
  ];
  for (const [time, relative, absolute] of cases) {
    it(`${absolute} is ${relative}`, () => {
      assert.equal(ago(time, now), relative);
      assert.equal(moment(time, now), absolute);
    });
  }
});
