import * as assert from 'node:assert/strict';
import { createPaint } from '../../../agent/cli/terminal/paint';
import { plain, sayCount, sayPath } from '../../../agent/cli/terminal/words';
import { sayMoment } from '../../../agent/protocol/words';

describe('words', () => {
  it('says moments', () => {
    const now = new Date(2026, 2, 10, 18, 2).getTime();
    const rows: [Date, RegExp][] = [
      [new Date(now - 12_000), /^12 s ago$/],
      [new Date(now - 300_000), /^5 min ago$/],
      [new Date(2026, 2, 10, 1, 5), /^today 01:05$/],
      [new Date(2026, 2, 9, 18, 2), /^yesterday 18:02$/],
      [new Date(2025, 11, 1, 7, 0), /^2025-12-01 07:00$/],
    ];
    for (const [time, text] of rows) assert.match(sayMoment(time.getTime(), now), text);
  });

  it('says paths as one would type them', () => {
    assert.equal(sayPath('/repo/docs/a.md', '/repo'), 'docs/a.md');
    assert.equal(sayPath('/repo/a.md', '/repo/docs'), '../a.md');
    assert.equal(sayPath('/etc/a.md', '/repo/docs'), '/etc/a.md');
  });

  it('says counts', () => {
    assert.equal(sayCount(1, 'step'), '1 step');
    assert.equal(sayCount(0, 'step'), '0 steps');
  });

  it('takes control characters out', () => {
    assert.equal(plain(' a\u001b[31mb\n\tc\u009b '), 'a [31mb c');
  });
});

describe('paint', () => {
  it('follows --color, NO_COLOR, TERM and the kind of stream', () => {
    const rows: [NodeJS.ProcessEnv, 'auto' | 'always' | 'never', boolean, boolean][] = [
      [{}, 'auto', true, true],
      [{}, 'auto', false, false],
      [{ NO_COLOR: '1' }, 'auto', true, false],
      [{ NO_COLOR: '' }, 'auto', true, true],
      [{ NO_COLOR: '1' }, 'always', false, true],
      [{ TERM: 'dumb' }, 'auto', true, false],
      [{}, 'never', true, false],
    ];
    for (const [env, when, tty, colored] of rows) {
      assert.equal(
        createPaint(env, when, tty).color('red', 'x') !== 'x',
        colored,
        JSON.stringify([env, when, tty]),
      );
    }
  });

  it('follows the locale', () => {
    const rows: [NodeJS.ProcessEnv, string][] = [
      [{}, '✓'],
      [{ LANG: 'C' }, 'ok'],
      [{ LANG: 'POSIX' }, 'ok'],
      [{ LANG: 'de_DE.utf8' }, '✓'],
      [{ LANG: 'C.UTF-8', LC_ALL: 'C' }, 'ok'],
      [{ LANG: 'C', LC_CTYPE: 'en_US.UTF-8' }, '✓'],
    ];
    for (const [env, mark] of rows) assert.equal(createPaint(env, 'auto', true).marks.passed, mark);
  });
});
