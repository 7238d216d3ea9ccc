import assert from 'node:assert/strict';
import { plainPrinted } from '../../../agent/text/plainPrinted';

describe('what was printed, to be read', () => {
  const cases: readonly [what: string, printed: string, text: string][] = [
    ['has no colours', '\u001b[31;1mred\u001b[0m\n', 'red\n'],
    ['has no titles', '\u001b]0;a title\u0007text\u001b]8;;http://x\u001b\\link', 'textlink'],
    ['has plain line ends', 'a\r\nb\r\r\n', 'a\nb\n'],
    ['shows of a progress bar its last state', '10 %\r50 %\r100 %\nok', '100 %\nok'],
    ['keeps tabs and other scripts', 'a\tb 日本 ü\n', 'a\tb 日本 ü\n'],
    ['has no control characters', 'a\u0000b\u0008c', 'abc'],
  ];
  for (const [what, printed, text] of cases) {
    it(what, () => assert.equal(plainPrinted(Buffer.from(printed)), text));
  }

  it('stands bytes that are no text', () => {
    assert.equal(plainPrinted(Uint8Array.of(0x61, 0xff, 0x62)), 'a\ufffdb');
  });
});
