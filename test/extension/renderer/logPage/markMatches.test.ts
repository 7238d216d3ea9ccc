import assert from 'node:assert/strict';
import { styledTexts } from '../../../../extension/renderer/logPage/ansi';
import { markMatches } from '../../../../extension/renderer/logPage/markMatches';

describe('matches in a line of a log', () => {
  const marked = (line: string, pattern: RegExp, most = 100): string =>
    markMatches(styledTexts(line), pattern, most)
      .map(({ text, classes, isMatch }) => `${classes.join('')}${isMatch ? `<${text}>` : `(${text})`}`)
      .join('');

  it('keep the colours of the line, also where one goes over several', () => {
    assert.equal(marked('a \u001b[31mred\u001b[0m word', /d w/), '(a )fg-1(re)fg-1<d>< w>(ord)');
    assert.equal(marked('\u001b[32mgreen\u001b[0m', /ee/), 'fg-2(gr)fg-2<ee>fg-2(n)');
  });

  it('are at most so many, and never empty', () => {
    assert.equal(marked('aaaa', /a/, 2), '<a><a>(aa)');
    assert.equal(marked('abc', /x*/), '(abc)');
  });
});
