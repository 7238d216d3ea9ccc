import assert from 'node:assert/strict';
import type { LogLine } from '../../../../agent/protocol/logs';
import { LineStore, mostLines, patternOf } from '../../../../extension/renderer/logPage/lineStore';

const line = (number: number, source = 0): LogLine => [source, '', number % 2 === 0, `line ${number}`];
const some = (count: number, from = 0): LogLine[] =>
  Array.from({ length: count }, (_, at) => line(from + at, at % 3));
const plain = { isRegex: false, isExact: false };

describe('the lines of a log that are kept', () => {
  it('are the newest ones, and it is known how many were let go', () => {
    const store = new LineStore();
    store.add(some(mostLines + 10));
    const dropped = store.trim();
    assert.equal(store.gone, dropped);
    assert.equal(store.total + store.gone, mostLines + 10);
    assert.equal(store.at(store.length - 1)?.text, `line ${mostLines + 9}`);
    assert.equal(store.at(0)?.text, `line ${dropped}`);
  });

  it('are bounded in size, too', () => {
    const store = new LineStore();
    const long = 'x'.repeat(64 * 1024);
    for (let turn = 0; turn < 1100; turn++) {
      store.add([[0, '', false, long]]);
      store.trim();
    }
    assert.ok(store.total <= 1024 && store.gone > 0);
  });

  it('are shown where they match and their source is not hidden, also those that come later', () => {
    const store = new LineStore();
    store.add(some(30));
    const pattern = patternOf('LINE 1', plain);
    assert.ok(pattern instanceof RegExp);
    store.show({ hidden: new Set([1]), pattern });
    store.add(some(30, 100));
    const shown = Array.from({ length: store.length }, (_, index) => store.at(index));
    assert.ok(
      shown.length > 0 && shown.every(found => found?.source !== 1 && found?.text.startsWith('line 1')),
    );
    assert.equal(shown.at(-1)?.text, 'line 129');
    store.show({ hidden: new Set(), pattern: undefined });
    assert.equal(store.length, 60);
  });

  it('keep their numbers where a filter is set and the oldest go', () => {
    const store = new LineStore();
    const pattern = patternOf('[02468]$', { isRegex: true, isExact: false });
    assert.ok(pattern instanceof RegExp);
    store.show({ hidden: new Set(), pattern });
    store.add(some(mostLines));
    const before = store.length;
    const dropped = store.trim();
    assert.equal(store.length, before - dropped);
    assert.equal(store.at(0)?.text, `line ${store.gone + (store.gone % 2)}`);
  });

  const patterns: readonly (readonly [string, boolean, RegExp | undefined | string])[] = [
    ['', true, undefined],
    ['a.b', false, /a\.b/iu],
    ['a.b', true, /a.b/iu],
    ['(', true, '/(/iu: Unterminated group'],
  ];
  for (const [typed, isRegex, expected] of patterns) {
    it(`searches ${JSON.stringify(typed)}${isRegex ? ' as a regular expression' : ''}`, () => {
      assert.deepEqual(patternOf(typed, { isRegex, isExact: false }), expected);
    });
  }
});
