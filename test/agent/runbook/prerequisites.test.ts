import assert from 'node:assert/strict';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { prerequisites } from '../../../agent/runbook/prerequisites';

function check(what: string, source: string, ...expected: string[]): void {
  it(what, () => {
    const found = prerequisites(parseRunbook(source));
    const told = found.map(
      ({ file, fragment, text, line, column }) =>
        `${line}:${column} ${text} → ${file}${fragment === undefined ? '' : `#${fragment}`}`,
    );
    assert.deepEqual(told, expected);
  });
}

describe('prerequisites', () => {
  check('of any level', '# T\n\n### Prerequisites\n\nFirst [log in](login.md).\n', '5:7 log in → login.md');
  check('with any letters', '# PREREQUISITE:\n[a](a.md)\n', '2:1 a → a.md');
  check('with a number', '## 1. Prerequisites\n[a](a.md)\n', '2:1 a → a.md');
  check(
    'below deeper headings too',
    '# Prerequisites\n## VPN\n- [a](../x/a.md#connect)\n',
    '3:3 a → ../x/a.md#connect',
  );
  check('not below the next heading', '# Prerequisites\n# Next\n[a](a.md)\n');
  check('not below other headings', '# Before you begin\n[a](a.md)\n\n# Prerequisites of life\n[b](b.md)\n');
  check(
    'in lists, quotes and tables',
    '# Prerequisites\n- > [a](a.md)\n\n| x |\n| --- |\n| [b](b.md) |\n',
    '2:5 a → a.md',
    '6:3 b → b.md',
  );
  check('decoded', '# Prerequisites\n[a](<a b.md>) [c](c%20d.md)\n', '2:1 a → a b.md', '2:15 c → c d.md');
  check(
    'by reference',
    '# Prerequisites\n[a][x] and [y]\n\n[x]: x.md\n[y]: ./y.runbook.md#z\n',
    '2:1 a → x.md',
    '2:12 y → ./y.runbook.md#z',
  );
  check('after front matter', '---\ntitle: x\n---\n# Prerequisites\n[a](a.md)\n', '5:1 a → a.md');
  check('each once', '# Prerequisites\n[a](a.md) [b](a.md) [c](a.md#x)\n', '2:1 a → a.md', '2:21 c → a.md#x');
  check(
    'only files beside it',
    '# Prerequisites\n[a](https://x.example/a.md) [b](/a.md) [c](#x) [d](a.txt) [e](//x/a.md) [f](mailto:a.md) [g](a.md?raw=1)\n',
    '2:90 g → a.md',
  );
  check('not in code', '# Prerequisites\n```sh\n# [a](a.md)\n```\n`[b](b.md)`\n');
});
