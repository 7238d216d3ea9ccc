import assert from 'node:assert/strict';
import type { LogLine } from '../../../agent/protocol/logs';
import { logTitle } from '../../../extension/logs/logTitle';
import { ResumedLines } from '../../../extension/logs/resumedLines';

const at = (second: number): string => `2026-01-02T03:04:0${second}.000000001Z`;
const source = (index: number, name: string) => ({ index, name, state: 'following' as const });

describe('a log that is opened again', () => {
  it('goes on with the same sources, without the lines that were there', () => {
    const resumed = new ResumedLines(false);
    assert.equal(resumed.since, undefined);
    resumed.begin();
    resumed.sources([source(0, 'web'), source(1, 'db')]);
    const first: LogLine[] = [
      [0, at(1), false, 'a'],
      [1, at(2), false, 'b'],
      [0, at(3), true, 'c'],
    ];
    assert.equal(resumed.lines(first).length, 3);
    assert.equal(resumed.since, Date.parse(at(3)) - 1000);
    resumed.begin();
    // Another order this time.
    assert.deepEqual(
      resumed
        .sources([source(0, 'db'), source(1, 'web'), source(2, 'new')])
        .map(({ index, name }) => [index, name]),
      [
        [0, 'web'],
        [1, 'db'],
        [2, 'new'],
      ],
    );
    const again: LogLine[] = [
      [0, at(2), false, 'b'],
      [1, at(3), true, 'c'],
      [2, at(1), false, 'x'],
      [1, at(4), false, 'd'],
    ];
    assert.deepEqual(
      resumed.lines(again).map(([index, , , text]) => [index, text]),
      [
        [2, 'x'],
        [0, 'd'],
      ],
    );
  });

  it('takes of lines of one time those that were not there', () => {
    const resumed = new ResumedLines(true);
    const texts = (lines: LogLine[]) => resumed.lines(lines).map(([, , , text]) => text);
    const line = (second: number, text: string, isError = false): LogLine => [0, at(second), isError, text];
    resumed.begin();
    resumed.sources([source(0, 'web')]);
    texts([line(1, 'a'), line(2, 'b'), line(2, 'c'), line(2, 'x', true)]);
    resumed.begin();
    const again = [line(1, 'a'), line(2, 'b'), line(2, 'c'), line(2, 'x', true)];
    assert.deepEqual(texts([...again, line(2, 'd'), line(2, 'y', true), line(3, 'e')]), ['d', 'y', 'e']);
    resumed.begin();
    assert.deepEqual(texts([line(3, 'e'), line(3, 'f')]), ['f'], 'and once more');
    resumed.begin();
    assert.deepEqual(texts([line(2, 'b'), line(4, 'g')]), ['g'], 'though those of that time do not come');
  });

  it('keeps the name of a container that has gone meanwhile', () => {
    const resumed = new ResumedLines(true);
    resumed.begin();
    resumed.sources([source(0, 'web')]);
    resumed.begin();
    assert.deepEqual(
      resumed.sources([{ index: 0, name: '0123456789ab', state: 'ended', message: 'removed' }]),
      [{ index: 0, name: 'web', state: 'ended', message: 'removed' }],
    );
  });

  it('is called by its containers', () => {
    assert.equal(logTitle(['web']), 'Logs: web');
    assert.equal(logTitle(['a', 'b', 'c']), 'Logs: a, b, c');
    assert.equal(logTitle(['a', 'b', 'c', 'd', 'e']), 'Logs: a, b and 3 more');
  });
});
