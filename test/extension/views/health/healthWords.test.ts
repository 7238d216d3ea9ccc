import * as assert from 'node:assert/strict';
import type { CheckRow } from '../../../../agent/protocol/health';
import {
  describeCheck,
  describeGroup,
  lengthText,
  sortChecks,
  statusText,
} from '../../../../extension/views/health/healthWords';

const now = 1_000_000_000;

describe('the words of the Health view', () => {
  const rows: [Partial<CheckRow>, string][] = [
    [{ state: 'up', recent: [{ state: 'up', ms: 12.3 }] }, 'http://127.0.0.1/ · 12 ms'],
    [
      { state: 'down', since: now - 180_000, message: 'status was 503, wanted 200' },
      'down 3 min · status was 503, wanted 200',
    ],
    [{ state: 'degraded', since: now - 5000, message: 'time was 2 s' }, 'degraded 5 s · time was 2 s'],
    [
      { state: 'unknown', since: now - 7_500_000, message: 'ping is not installed' },
      'unknown 2 h 5 min · ping is not installed',
    ],
    [{ state: 'pending' }, 'not looked at yet'],
    [{ state: 'pending', recent: [{ state: 'down', ms: 1 }], message: 'refused' }, 'not sure yet · refused'],
    [{ state: 'held', message: 'its command was not allowed yet' }, 'its command was not allowed yet'],
    [
      { state: 'up', recent: [{ state: 'up', ms: 1234 }], outdated: 'line 3: …' },
      'http://127.0.0.1/ · 1.2 s · its file is invalid',
    ],
  ];
  for (const [change, words] of rows) {
    it(`are ${words}`, () => assert.equal(describeCheck(row('api', change), now), words));
  }

  it('put what is worst first, then names', () => {
    const all = [
      row('b', {}),
      row('a', {}),
      row('z', { state: 'down' }),
      row('m', { state: 'degraded' }),
      row('h', { state: 'held' }),
    ];
    assert.equal(
      sortChecks(all)
        .map(({ name }) => name)
        .join(''),
      'zhmab',
    );
    assert.equal(describeGroup(all), '1 down · 1 held · 1 degraded · 2 up');
  });

  it('sum up in the status bar', () => {
    const down = ['api', 'db', 'mail', 'web'].map(name => row(name, { state: 'down' }));
    assert.equal(statusText([row('a', {}), row('b', {})]), '$(pass) 2 up');
    assert.equal(statusText([row('a', {}), ...down.slice(0, 2)]), '$(error) 2 down · api, db');
    assert.equal(statusText(down), '$(error) 4 down · api, db, mail, …');
    assert.equal(statusText([row('a', { state: 'pending' })]), '$(clock) 1 pending');
  });

  const lengths: [number, string][] = [
    [-5, '0 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [47 * 3_600_000, '47 h'],
    [72 * 3_600_000, '3 d'],
  ];
  for (const [ms, text] of lengths) it(`${String(ms)} is ${text}`, () => assert.equal(lengthText(ms), text));
});

function row(name: string, change: Partial<CheckRow>): CheckRow {
  return {
    ...{ id: name, file: '/a.health.yaml', line: 1, name, type: 'http', tags: [], inputs: {} },
    ...{ subject: 'http://127.0.0.1/', state: 'up', since: now, message: '', recent: [] },
    ...change,
  };
}
