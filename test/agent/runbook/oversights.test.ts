import assert from 'node:assert/strict';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

describe('oversights', () => {
  const rows: readonly (readonly [what: string, source: string, ...found: string[]])[] = [
    ['a block that is not closed', '```sh\na\n', 'unclosed-fence 1:1'],
    ['a block that its list item ends', '- ```sh\n  a\n\ntext\n'],
    ['a byte that is no UTF-8', '# T\n\nx\uDCFF\n', 'invalid-utf8 3:2'],
    ['a letter too few', '```sh {name=a timout=3s}\na\n```\n', 'unknown-attribute 1:15'],
    ['an attribute of others', '```sh {name=a highlight=3 filename=x}\na\n```\n'],
    ['a language that nobody knows', '```cobol {name=a}\nx\n```\n', 'unknown-language 1:4'],
    ['text with a name', '```text {name=a}\nx\n```\n```cobol\nx\n```\n```haskell {.lines}\nx\n```\n'],
  ];
  for (const [what, source, ...found] of rows) {
    it(what, () => {
      const { diagnostics } = parseRunbook(source);
      assert.deepEqual(
        diagnostics.map(({ severity, code, line, column }) => `${code} ${line}:${column} ${severity}`),
        found.map(one => `${one} warning`),
      );
    });
  }
});
