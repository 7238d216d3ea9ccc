import assert from 'node:assert/strict';
import { placeDiagnostic, type ShownText } from '../../../extension/problems/placeDiagnostics';

describe('where a problem is shown', () => {
  // A front matter of two lines, a cell, and a cell in a list.
  const source = [
    '---',
    'title: A',
    'timeout: [1',
    '---',
    '',
    '```sh {x',
    'echo a',
    '```',
    '- ```sh',
    '  echo b',
    '  ```',
  ];
  const texts: readonly ShownText[] = [
    { line: 2, lines: ['title: A', 'timeout: [1'], before: 1 },
    { line: 7, lines: ['echo a'], before: 1 },
    { line: 10, lines: ['echo b'], before: 1 },
  ];
  const cases: readonly (readonly [
    string,
    line: number,
    column: number,
    length: number,
    string | undefined,
  ])[] = [
    ['the value', 3, 10, 2, 'text 0, line 1: [1'],
    ['no further than its line', 3, 10, 50, 'text 0, line 1: [1'],
    ['the whole line where it is no longer than a point', 2, 3, 0, 'text 0, line 0: title: A'],
    ['the first line for the opening fence', 6, 7, 2, 'text 1, line 0: echo a'],
    ['the first line for the opening dashes', 1, 1, 3, 'text 0, line 0: title: A'],
    ['the word in a list', 10, 8, 1, 'text 2, line 0: b'],
    ['nothing where no cell shows it', 5, 1, 1, undefined],
    ['the last line for the closing dashes', 4, 1, 3, 'text 0, line 1: timeout: [1'],
    ['the last line for the closing fence', 11, 3, 3, 'text 2, line 0: echo b'],
    ['nothing below the last line', 12, 1, 1, undefined],
  ];
  for (const [title, line, column, length, expected] of cases) {
    it(title, () => {
      const place = placeDiagnostic({ line, column, span: { start: 100, end: 100 + length } }, source, texts);
      const shown = place && texts[place.text]?.lines[place.range.line];
      const words = place && shown?.slice(place.range.start, place.range.end);
      const said = place && `text ${String(place.text)}, line ${String(place.range.line)}: ${String(words)}`;
      assert.equal(said, expected);
    });
  }
});
