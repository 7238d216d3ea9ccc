import assert from 'node:assert/strict';
import { sayAgo, sayWhen } from '../../../agent/protocol/words';

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
      assert.equal(sayAgo(time, now), relative);
      assert.equal(sayWhen(time, now), absolute);
    });
  }
});
