import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { contentLines, fenceOf, infoOf, parseBlocks } from '../../../agent/runbook/blocks';

const stock = new MarkdownIt({ html: true });

/** Fences as markdown-it itself finds them. */
function wanted(source: string): unknown[] {
  return stock
    .parse(source, {})
    .filter(({ type }) => type === 'fence')
    .map(({ map, info, content, markup }) => ({ map, info, content, markup }));
}

function found(source: string): unknown[] {
  const blocks = parseBlocks(source);
  return blocks.tokens
    .filter(({ type }) => type === 'fence')
    .map(token => {
      const fence = fenceOf(token);
      const lines = contentLines(blocks.lines, fence).map(line => `${line}\n`);
      const content = lines.join('').replaceAll('\0', '\uFFFD');
      const info = infoOf(blocks.lines, fence).replaceAll('\0', '\uFFFD');
      return { map: token.map, info, content, markup: fence.markup };
    });
}

describe('finding fences', () => {
  it('finds what markdown-it finds, in any text', () => {
    const piece = fc.constantFrom(
      '```',
      '```',
      '````',
      '~~~',
      'sh',
      '\n',
      '\n',
      '\n',
      '\r\n',
      '\r',
      '- ',
      '> ',
      '1. ',
      '  ',
      '    ',
      '\t',
      'x',
      '<!--',
      '-->',
      '|',
      '---',
      '\0',
      '# ',
      '\n\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const source = pieces.join('');
        // A text that ends without a line end: markdown-it's content may end so, too.
        const ended = (all: unknown[]) => JSON.stringify(all).replaceAll('\\n"', '"');
        assert.equal(ended(found(source)), ended(wanted(source)));
      }),
      { numRuns: 5_000 },
    );
  });
});
