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
    assert.equal(resumed.since, Date.parse(at(2)) - 1000, 'where the source is that was told least of');
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

  it('goes on without a gap where one source was behind, though many lines have one time', () => {
    const resumed = new ResumedLines(true);
    // As Podman tells them: whole seconds.
    const time = (second: number): string => `2026-01-02T03:04:${second}Z`;
    const many = (source: number, second: number, count: number): LogLine[] =>
      Array.from({ length: count }, (_, index) => [
        source,
        time(second),
        false,
        `${source} ${second} ${index}`,
      ]);
    const texts = (lines: LogLine[]) => resumed.lines(lines).map(([, , , text]) => text);
    const slow = many(0, 10, 3000);
    const fast = [...many(1, 15, 2000), ...many(1, 20, 3000)];
    resumed.begin();
    resumed.sources([source(0, 'slow'), source(1, 'fast')]);
    texts([...slow.slice(0, 1000), ...fast.slice(0, 4000)]);
    assert.equal(resumed.since, Date.parse(time(10)) - 1000);
    resumed.begin();
    const missed = [...slow.slice(1000), ...many(0, 14, 10), ...fast.slice(4000)].map(([, , , text]) => text);
    // Older than what was shown of it, of an output that nothing was shown of: not asked for.
    const older: LogLine = [1, time(12), true, 'older'];
    assert.deepEqual(texts([...slow, older, ...many(0, 14, 10), ...fast]), missed);
    assert.equal(resumed.since, Date.parse(time(14)) - 1000);
    resumed.begin();
    assert.deepEqual(texts([...many(0, 14, 10), ...fast, ...many(0, 21, 1)]), ['0 21 0'], 'and once more');
  });

  it('begins with what is there where a source has told nothing yet', () => {
    const resumed = new ResumedLines(true);
    resumed.begin();
    resumed.sources([source(0, 'web'), source(1, 'silent')]);
    resumed.lines([
      [0, at(2), false, 'a'],
      [0, at(8), false, 'b'],
    ]);
    assert.equal(resumed.since, Date.parse(at(2)) - 1000);
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
