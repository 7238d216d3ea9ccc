import assert from 'node:assert/strict';
import type { LogLine } from '../../../../agent/protocol/logs';
import { LineStore } from '../../../../extension/renderer/logPage/lineStore';
import { MatchIndex } from '../../../../extension/renderer/logPage/matchIndex';

describe('how many lines of a log match', () => {
  const line = (text: string): LogLine => [0, '2026-01-02T03:04:05Z', false, text];
  const filled = (texts: readonly string[]): { store: LineStore; index: MatchIndex } => {
    const store = new LineStore();
    store.add(texts.map(line));
    return { store, index: new MatchIndex(store) };
  };

  it('is told with the place of the chosen one', () => {
    const { store, index } = filled(['an error', 'fine', 'error\u001b[31m again']);
    index.begin(/error/);
    assert.equal(index.look(1000), true);
    assert.deepEqual(
      [index.words(-1, true), index.words(2, true), index.words(1, true)],
      ['2 lines', '2 of 2', '2 lines'],
    );
    store.add([line('one more error')]);
    assert.equal(index.look(1000), true);
    assert.equal(index.words(3, true), '3 of 3');
    index.dropped(1);
    assert.equal(index.words(1, true), '1 of 2');
  });

  it('is looked up bit by bit', () => {
    const { index } = filled(Array.from({ length: 5000 }, () => 'error'));
    index.begin(/error/);
    assert.equal(index.look(-1), false);
    assert.match(index.words(-1, false), /^\d+\+ lines$/);
    assert.equal(index.look(10_000), true);
    assert.equal(index.words(-1, true), '5,000 lines');
  });

  it('is nothing where nothing matches, and not told before that is sure', () => {
    const { index } = filled(['fine']);
    index.begin(/error/);
    assert.equal(index.words(-1, false), '');
    index.look(1000);
    assert.equal(index.words(-1, true), 'No results');
  });

  it('goes around the ends where the next one is looked for', () => {
    const { store } = filled(['a', 'b', 'a']);
    assert.deepEqual(
      [store.find(/a/, 0, 1), store.find(/a/, 2, 1), store.find(/a/, 0, -1), store.find(/c/, 0, 1)],
      [2, 0, 2, undefined],
    );
  });
});
