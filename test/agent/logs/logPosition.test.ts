import assert from 'node:assert/strict';
import type { Fragment } from '../../../agent/logs/logLinesOf';
import { compareTimes, LogPosition, nanosOf } from '../../../agent/logs/logPosition';

const entry = (output: 'out' | 'err', nanos: number, text: string, isEnd = true): Fragment => ({
  isError: output === 'err',
  time: `2026-01-02T03:04:05.${String(nanos).padStart(9, '0')}Z`,
  bytes: Buffer.from(text),
  isEnd,
});

describe('where a log was left off', () => {
  const all: readonly Fragment[] = [
    entry('out', 1, 'a'),
    entry('out', 5, 'b'),
    entry('out', 5, 'c'),
    entry('err', 4, 'late'),
    entry('out', 5, 'd'),
    entry('err', 5, 'e'),
    entry('out', 6, 'f'),
    entry('err', 9, 'long ', false),
    entry('err', 9, 'line', true),
    entry('out', 9, 'g'),
  ];
  const wanted = all
    .map(({ bytes }) => Buffer.from(bytes).toString())
    .join('|')
    .replace('long |', 'long ');

  for (let cut = 0; cut <= all.length; cut++) {
    it(`gives each once when it is broken off after ${cut} pieces`, () => {
      const position = new LogPosition();
      const given: string[] = [];
      const give = (fragments: readonly Fragment[]) => {
        for (const fragment of fragments) {
          const fresh = position.fresh(fragment);
          if (fresh !== undefined && fresh.bytes.length > 0)
            given.push(Buffer.from(fresh.bytes).toString() + (fresh.isEnd ? '|' : ''));
        }
      };
      give(all.slice(0, cut));
      for (let turn = 0; turn < 2; turn++) {
        const since = position.resume();
        assert.equal(since === undefined, cut === 0 && turn === 0);
        give(all);
      }
      assert.equal(given.join('').replace(/\|$/, ''), wanted);
    });
  }

  it('gives nothing of what was before the part that was asked for', () => {
    const position = new LogPosition();
    position.fresh(entry('out', 5, 'b'));
    position.resume();
    assert.equal(position.fresh(entry('err', 3, 'older')), undefined);
    assert.ok(position.fresh(entry('err', 7, 'newer')));
  });

  it('goes on a second earlier, since outputs are recorded side by side', () => {
    const position = new LogPosition();
    position.fresh({ ...entry('out', 5, 'b'), time: '1970-01-01T00:01:40.000000005Z' });
    assert.equal(position.resume(), '99.000000005');
  });

  it('compares times of any zone and length', () => {
    assert.ok(compareTimes('2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000000001Z') < 0);
    assert.equal(compareTimes('2026-01-02T03:04:05+01:00', '2026-01-02T02:04:05Z'), 0);
    assert.ok(compareTimes('2026-01-02T03:04:05.9Z', '2026-01-02T03:04:05.10Z') > 0);
    assert.equal(nanosOf('no time'), 0n);
  });
});
