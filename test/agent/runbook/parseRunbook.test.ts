import assert from 'node:assert/strict';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import type { Cell } from '../../../agent/runbook/model';

function one(source: string): Cell {
  const { cells } = parseRunbook(source);
  assert.equal(cells.length, 1);
  return cells[0]!;
}

describe('parseRunbook: cells', () => {
  const found: [what: string, source: string, cells: [line: number, column: number, text: string][]][] = [
    ['backticks', '```sh\nx\n```\n', [[1, 1, 'x\n']]],
    ['tildes', '~~~sh\nx\n~~~\n', [[1, 1, 'x\n']]],
    ['a long fence', '`````sh\n```\n`````\n', [[1, 1, '```\n']]],
    ['an indented fence', '   ```sh\n   x\n  y\n   ```\n', [[1, 4, 'x\ny\n']]],
    ['in a list', '1. a\n\n   ```sh\n   x\n   ```\n', [[3, 4, 'x\n']]],
    ['on the marker of a list', '- ```sh\n  x\n  ```\n', [[1, 3, 'x\n']]],
    ['in a quote', '> ```sh\n> x\n> ```\n', [[1, 3, 'x\n']]],
    ['in a list in a quote', '> - a\n>   ```sh\n>   x\n>   ```\n', [[2, 5, 'x\n']]],
    ['with tabs', '-\ta\n\n\t```sh\n\tx\n\t```\n', [[3, 2, 'x\n']]],
    ['with half a tab', '- ```sh\n\tx\n  ```\n', [[1, 3, '  x\n']]],
    ['in details', '<details>\n<summary>S</summary>\n\n```sh\nx\n```\n\n</details>\n', [[4, 1, 'x\n']]],
    ['unclosed', '```sh\nx', [[1, 1, 'x\n']]],
    ['unclosed in a quote', '> ```sh\n> x\n\ny\n', [[1, 3, 'x\n']]],
    ['empty', '```sh\n```\n', [[1, 1, '']]],
    ['CRLF', 'a\r\n\r\n```sh\r\nx\r\n```\r\n', [[3, 1, 'x\n']]],
    ['a lone CR', 'a\r\r```sh\rx\ry\r```\r', [[3, 1, 'x\ny\n']]],
    ['NUL', '```sh\nprintf "\0"\n```\n', [[1, 1, 'printf "\0"\n']]],
    ['after a byte order mark', '\uFEFF```sh\nx\n```\n', [[1, 1, 'x\n']]],
    ['after front matter', '---\na: 1\n---\n```sh\nx\n```\n', [[4, 1, 'x\n']]],
    ['in a comment: none', '<!--\n```sh\nx\n```\n-->\n', []],
    ['indented code: none', 'a\n\n    ```sh\n    x\n', []],
    ['in a longer fence: none', '````md\n```sh\nx\n```\n````\n', []],
    ['no language: none', '```\nx\n```\n', []],
    ['an unknown language: none', '```yaml\nx\n```\n', []],
    ['a console session without a prompt: none', '```console\nE0210 error\n```\n', []],
    ['ignored: none', '```sh {"ignore":"true"}\nx\n```\n', []],
    ['an unknown language with an interpreter', '```jq {interpreter="jq -f"}\nx\n```\n', [[1, 1, 'x\n']]],
  ];
  for (const [what, source, cells] of found) {
    it(what, () => {
      const runbook = parseRunbook(source);
      assert.deepEqual(
        runbook.cells.map(({ line, column, text }) => [line, column, text]),
        cells,
      );
      for (const { span } of runbook.cells) assert.match(source.slice(span.start, span.end), /^[`~]{3}/);
    });
  }

  const languages: [string, string][] = [
    ['sh', 'bash'],
    ['Shell', 'bash'],
    ['console', 'bash'],
    ['zsh', 'zsh'],
    ['py', 'python'],
    ['javascript', 'node'],
    ['pwsh', 'powershell'],
  ];
  for (const [tag, id] of languages) {
    it(`${tag} is ${id}`, () => assert.equal(one(`\`\`\`${tag}\n$ x\n\`\`\`\n`).language, id));
  }

  it('takes the commands of a console cell', () => {
    const cell = one('# T\n\n```console\n$ echo hi\nhi\n```\n');
    assert.equal(cell.form, 'console');
    assert.equal(cell.text, 'echo hi\n');
    assert.deepEqual(cell.expected, { text: 'hi\n', line: 5, compare: { by: 'text' } });
  });
});

describe('parseRunbook: expected output', () => {
  const cell = '```sh\nx\n```\n';
  const rows: [string, string, unknown][] = [
    ['a fence `output`', '\n```output\nhi\n```\n', { text: 'hi\n', line: 6, compare: { by: 'text' } }],
    ['not after text', '\ntext\n\n```output\nhi\n```\n', undefined],
    [
      'a similarity',
      '\n<!-- expected_similarity=0.8 -->\n\n```text\nhi\n```\n',
      { text: 'hi\n', line: 8, compare: { by: 'similarity', atLeast: 0.8 } },
    ],
    [
      'a regex',
      '\nResults:\n\n<!-- expected_similarity="\\d+" -->\n```\n12\n```\n',
      { text: '12\n', line: 9, compare: { by: 'regex', pattern: '\\d+' } },
    ],
    [
      'JSON',
      '\n<!-- expected_similarity=0.3 -->\n```json\n{}\n```\n',
      { text: '{}\n', line: 7, compare: { by: 'json' } },
    ],
    [
      'not a cell although it is shell',
      '\n<!-- expected_similarity=0.3 -->\n```sh\nhi\n```\n',
      { text: 'hi\n', line: 7, compare: { by: 'similarity', atLeast: 0.3 } },
    ],
  ];
  for (const [what, rest, expected] of rows) {
    it(what, () => assert.deepEqual(one(cell + rest).expected, expected));
  }
});

describe('parseRunbook: names', () => {
  const rows: [string, string, string[]][] = [
    ['given', '```sh {name=a}\nx\n```\n', ['a']],
    [
      'of heading and command',
      '# Restart the API!\n\n```sh\nkubectl drain node-1\n```\n',
      ['restart-the-api-kubectl-drain'],
    ],
    [
      'of the command alone',
      '```sh\n# first\nsudo A=1 /usr/bin/systemctl restart x\n```\n',
      ['systemctl-restart'],
    ],
    ['of nothing', '```sh\n```\n', ['cell']],
    ['twice the same', '```sh\nx\n```\n```sh\nx\n```\n', ['x', 'x-2']],
    ['given ones first', '```sh\nx\n```\n```sh {name=x}\ny\n```\n', ['x-2', 'x']],
    ['given twice', '```sh {name=a}\nx\n```\n```sh {name=a}\ny\n```\n', ['a', 'a-2']],
  ];
  for (const [what, source, names] of rows) {
    it(what, () =>
      assert.deepEqual(
        parseRunbook(source).cells.map(({ name }) => name),
        names,
      ),
    );
  }
});

describe('parseRunbook: sections and checklists', () => {
  const source =
    '# A `b` *c*\n\n## One\n\n```sh\nx\n```\n\n## One\n\n### Deep & more\n\n```sh\ny\n```\n\nTwo\n===\n\n- [ ] do [it](u)\n- [x] done\n- no\n';
  const runbook = parseRunbook(source);

  it('knows headings, their slugs and what is below them', () => {
    assert.equal(runbook.title, 'A b c');
    assert.deepEqual(
      runbook.sections.map(({ slug, level, line, path }) => [slug, level, line, path.join('/')]),
      [
        ['a-b-c', 1, 1, 'A b c'],
        ['one', 2, 3, 'A b c/One'],
        ['one-1', 2, 9, 'A b c/One'],
        ['deep--more', 3, 11, 'A b c/One/Deep & more'],
        ['two', 1, 17, 'Two'],
      ],
    );
    assert.equal(
      source.slice(runbook.sections[1]!.span.start, runbook.sections[1]!.span.end),
      '## One\n\n```sh\nx\n```\n\n',
    );
  });

  it('tells for each cell where it stands', () => {
    assert.deepEqual(
      runbook.cells.map(({ section }) => section.join('/')),
      ['A b c/One', 'A b c/One/Deep & more'],
    );
  });

  it('finds checklist items', () => {
    assert.deepEqual(runbook.checklist, [
      { text: 'do it', checked: false, line: 20, column: 3 },
      { text: 'done', checked: true, line: 21, column: 3 },
    ]);
  });
});

describe('parseRunbook: diagnostics', () => {
  const rows: [string, string, string[]][] = [
    ['an unclosed quote', '\n```sh {name="a\nx\n```\n', ['unclosed-quote 2:13 x']],
    ['broken JSON', '```sh {"name":}\nx\n```\n', ['attribute-syntax 1:7 x']],
    ['an attribute given twice', '```sh {cwd=a cwd=b}\nx\n```\n', ['duplicate-attribute 1:14']],
    ['a name given twice', '```sh {name=a}\nx\n```\n> ```sh {name=a}\n> y\n> ```\n', ['duplicate-name 4:10']],
    ['needs of nobody', '```sh {name=a needs=b}\nx\n```\n', ['unknown-needs 1:15 a']],
    ['a rollback by nobody', '```sh {name=a rollback=b}\nx\n```\n', ['unknown-rollback 1:15']],
    [
      'needs in a circle',
      '```sh {name=a needs=b}\nx\n```\n```sh {name=b needs=a}\nx\n```\n',
      ['cyclic-needs 1:15 a,b'],
    ],
    ['needs itself', '```sh {name=a needs=a}\nx\n```\n', ['cyclic-needs 1:15 a']],
    ['a wrong value', '```sh {timeout=soon}\nx\n```\n', ['bad-value 1:8']],
  ];
  for (const [what, source, expected] of rows) {
    it(what, () => {
      const { diagnostics } = parseRunbook(source);
      const found = diagnostics.map(({ code, line, column, cells }) =>
        `${code} ${line}:${column} ${cells?.join() ?? ''}`.trim(),
      );
      assert.deepEqual(found, expected);
    });
  }
});

describe('parseRunbook: hostile text', () => {
  const rows: [string, string][] = [
    ['nested quotes', '> '.repeat(100_000)],
    ['nested lists', '- '.repeat(100_000)],
    ['nested attributes', `\`\`\`sh {"a":${'{"a":'.repeat(20_000)}\n\`\`\`\n`],
    ['deep attributes', `\`\`\`sh {"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}\n\`\`\`\n`],
    [
      'nested YAML',
      `---\n${Array.from({ length: 2_000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')}\n---\n`,
    ],
    ['nested TOML', `+++\na = ${'['.repeat(50_000)}\n+++\n`],
    [
      'a chain of needs',
      Array.from({ length: 5_000 }, (_, at) => `\`\`\`sh {name=c${at} needs=c${at + 1}}\n\`\`\`\n`).join(''),
    ],
  ];
  for (const [what, source] of rows) {
    it(what, () => {
      const start = performance.now();
      assert.equal(parseRunbook(source).source, source);
      assert.ok(performance.now() - start < 5_000);
    });
  }
});
