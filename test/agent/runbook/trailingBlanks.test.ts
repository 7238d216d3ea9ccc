import assert from 'node:assert/strict';
import { readNotebook } from '../../../agent/runbook/notebook';
import { isOnlyTidied, withTextAsRead } from '../../../agent/runbook/trailingBlanks';

const onlyBlanks = { blanks: true, finalNewlines: false };

describe('blanks at line ends', () => {
  const read = 'cat <<EOF  \none  \n\t\nEOF';
  const cases: readonly (readonly [what: string, text: string, trimmed: boolean])[] = [
    ['as read', read, false],
    ['all trimmed', 'cat <<EOF\none\n\nEOF', true],
    ['all trimmed, with other line ends', 'cat <<EOF\r\none\r\n\r\nEOF', true],
    ['some trimmed', 'cat <<EOF\none  \n\t\nEOF', true],
    ['one blank of two taken', 'cat <<EOF \none\n\nEOF', false],
    ['trimmed and edited', 'cat <<EOF\ntwo\n\nEOF', false],
    ['a line removed', 'cat <<EOF\none\nEOF', false],
    ['a blank added', `${read} `, false],
  ];
  for (const [what, text, trimmed] of cases) {
    it(what, () => {
      const cell = readNotebook(Buffer.from(`\`\`\`sh\n${read}\n\`\`\`\n`)).cells[0]!;
      assert.equal(isOnlyTidied({ ...cell, text }, onlyBlanks), trimmed);
      assert.equal(withTextAsRead({ ...cell, text }).text, read);
    });
  }

  it('a new cell was never read', () => {
    const cell = { kind: 'code', languageId: 'shellscript', text: 'echo' } as const;
    assert.equal(isOnlyTidied(cell, onlyBlanks), false);
    assert.equal(withTextAsRead(cell), cell);
  });
});

describe('line ends at the end of a cell', () => {
  const ends = { blanks: false, finalNewlines: true };
  const cases: readonly (readonly [read: string, text: string, tidied: boolean, how?: typeof onlyBlanks])[] =
    [
      ['echo', 'echo\n', true],
      ['echo\n\n', 'echo', true],
      ['echo\n  \n', 'echo\n', false],
      ['echo\n  \n', 'echo\n', true, { blanks: true, finalNewlines: true }],
      ['echo ', 'echo', false],
      ['echo', 'echo\n', false, onlyBlanks],
      ['echo', 'echo x\n', false],
    ];
  for (const [read, text, tidied, how = ends] of cases) {
    it(`${JSON.stringify(read)} and ${JSON.stringify(text)}`, () => {
      const cell = readNotebook(Buffer.from(`\`\`\`sh\n${read}\n\`\`\`\n`)).cells[0]!;
      assert.equal(isOnlyTidied({ ...cell, text }, how), tidied);
    });
  }
});
