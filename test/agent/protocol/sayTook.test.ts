import assert from 'node:assert/strict';
import { sayTook } from '../../../agent/protocol/sayTook';

describe('how long something took', () => {
  const rows: readonly (readonly [record: Parameters<typeof sayTook>[0], text: string | undefined])[] = [
    [{ state: 'passed', startedAt: 1000, endedAt: 1400 }, '0.4 s'],
    [{ state: 'running', startedAt: 1000 }, '1 min'],
    [{ state: 'not-run' }, undefined],
    [{ state: 'passed', startedAt: 1000, endedAt: 900 }, '0.0 s'],
    [{ state: 'interrupted', startedAt: 1000, endedAt: 1400 }, 'at least 0.4 s'],
    [{ state: 'interrupted', startedAt: 1000, endedAt: 1000 }, undefined],
  ];
  for (const [record, text] of rows) {
    it(`is told as ${text} of ${JSON.stringify(record)}`, () => assert.equal(sayTook(record, 61_000), text));
  }
});
