import assert from 'node:assert/strict';
import { plainText, styledTexts } from '../../../../extension/renderer/logPage/ansi';

const esc = '\u001b';

describe('a line with escape sequences', () => {
  const plain: readonly (readonly [string, string])[] = [
    ['plain', 'plain'],
    [`${esc}[1;31mred${esc}[0m end`, 'red end'],
    [`${esc}]0;title\u0007text`, 'text'],
    [`${esc}]8;;https://x${esc}\\link${esc}]8;;${esc}\\`, 'link'],
    [`10 %\r50 %\r100 %\r`, '100 %'],
    [`a\u0000b\tc`, 'a\u00b7b\tc'],
    [`${esc}[2J${esc}[Hcleared`, 'cleared'],
    [`open ${esc}]52;c;AAAA`, 'open '],
    [`end ${esc}`, 'end '],
  ];
  for (const [line, expected] of plain) {
    it(`says ${JSON.stringify(expected)}`, () => {
      assert.equal(plainText(line), expected);
      assert.equal(
        styledTexts(line)
          .map(({ text }) => text)
          .join(''),
        expected,
      );
    });
  }

  it('has its colours and marks', () => {
    assert.deepEqual(
      styledTexts(`a${esc}[1;31mb${esc}[39mc${esc}[22;48;5;196md${esc}[0;38;2;1;2;3me${esc}[m${esc}[97mf`),
      [
        { text: 'a', classes: [] },
        { text: 'b', classes: ['bold', 'fg-1'] },
        { text: 'c', classes: ['bold'] },
        { text: 'd', classes: [], background: 'rgb(255 0 0)' },
        { text: 'e', classes: [], colour: 'rgb(1 2 3)' },
        { text: 'f', classes: ['fg-15'] },
      ],
    );
  });

  it('gives nothing to a style but colours', () => {
    const [piece] = styledTexts(`${esc}[38;2;999;x;url(1)mtext`);
    assert.ok(
      piece?.colour === undefined || /^rgb\(\d+ \d+ \d+\)$/.test(piece.colour),
      JSON.stringify(piece),
    );
  });
});
