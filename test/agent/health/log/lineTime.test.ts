import * as assert from 'node:assert/strict';
import { lineTime } from '../../../../agent/health/log/lineTime';

describe('the time of a line', () => {
  const now = Date.parse('2026-11-23T19:00:00Z');
  const local = (text: string) => Date.parse(text);
  const rows: [string, number | undefined][] = [
    ['2026-11-23T18:59:00Z ERROR', Date.parse('2026-11-23T18:59:00Z')],
    ['2026-11-23T20:59:00.250+02:00 ERROR', Date.parse('2026-11-23T18:59:00.250Z')],
    ['[2026-11-23 18:59:00,123] ERROR', local('2026-11-23T18:59:00.123')],
    ['2026/11/23 18:59:00 [error] 7#7: *1', local('2026-11-23T18:59:00')],
    ['{"time":"2026-11-23T18:59:00.123456789Z","level":"error"}', Date.parse('2026-11-23T18:59:00.123Z')],
    ['127.0.0.1 - - [23/Nov/2026:18:59:00 +0100] "GET /"', Date.parse('2026-11-23T17:59:00Z')],
    ['Nov  3 18:59:00 host sshd[1]: no', local('2026-11-03T18:59:00')],
    ['Dec 31 23:59:00 host sshd[1]: no', local('2025-12-31T23:59:00')],
    ['    at main (app.js:7)', undefined],
    ['2026-99-99T99:99:99Z no time', undefined],
    ['', undefined],
  ];
  for (const [line, wanted] of rows) {
    it(`of ${JSON.stringify(line)}`, () => assert.equal(lineTime(line, now), wanted));
  }
});
