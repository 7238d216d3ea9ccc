import assert from 'node:assert/strict';
import { cellOptions, type CellOptions } from '../../../agent/runbook/cellOptions';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

function read(
  info: string,
  front = '',
): { name: string | undefined; options: CellOptions; problems: string[] } {
  const { cells, frontMatter, diagnostics } = parseRunbook(`${front}\`\`\`sh ${info}\necho a\n\`\`\`\n`);
  const cell = cells[0]!;
  const { options, diagnostics: wrong } = cellOptions(cell, frontMatter);
  return {
    name: cell.named ? cell.name : undefined,
    options,
    problems: [...new Set([...diagnostics, ...wrong].map(({ message }) => message))],
  };
}

/** https://docs.runme.dev/configuration/cell-level and https://docs.runme.dev/configuration/document-level */
describe("Runme's names", () => {
  const rows: readonly (readonly [info: string, expected: Partial<CellOptions>, front?: string])[] = [
    ['{background=true}', { background: 'run' }],
    ['{"background":"false"}', { background: false }],
    ['{interactive=false}', { tty: 'never' }],
    ['{"interactive":"true"}', { tty: 'always' }],
    ['{promptEnv=false}', { placeholders: false }],
    ['{promptEnv=no}', { placeholders: false }],
    ['{"promptEnv":"never"}', { placeholders: false }],
    ['{promptEnv=true}', { placeholders: true }],
    ['{promptEnv=auto}', { placeholders: true }],
    ['{promptEnv=true placeholders=off}', { placeholders: false }],
    ['{mimeType=text/html}', { mime: 'text/html' }],
    ['{terminalRows=20}', { terminalRows: 20 }],
    ['{excludeFromRunAll=true}', { exclude: true }],
    ['{category=a,b}', { tags: ['a', 'b'] }],
    ['{tag=c}', { tags: ['c'] }],
    ['{cwd=..}', { cwd: '..' }],
    ['{interpreter="bash -l"}', { interpreter: ['bash', '-l'] }],
    ['', { cwd: '/srv' }, 'cwd: /srv'],
    ['', { placeholders: false }, 'skipPrompts: true'],
    ['', { placeholders: true }, 'skipPrompts: false'],
    ['{promptEnv=true}', { placeholders: true }, 'skipPrompts: false'],
    ['', { terminalRows: 30 }, 'terminalRows: 30'],
    ['{terminalRows=10}', { terminalRows: 10 }, 'terminalRows: 30'],
    ['', { tags: ['a', 'b'] }, 'tag: a,b'],
    ['{tag=c}', { tags: ['c'] }, 'tag: a'],
  ];
  for (const [info, expected, front] of rows) {
    it(`${info} ${front ?? ''}`, () => {
      const { options, problems } = read(info, front === undefined ? '' : `---\n${front}\n---\n`);
      const found = Object.fromEntries(
        Object.keys(expected).map(key => [key, options[key as keyof CellOptions]]),
      );
      assert.deepEqual([found, problems], [expected, []]);
    });
  }

  it('id is a name, unless there is one', () => {
    assert.equal(read('{id=deploy}').name, 'deploy');
    assert.equal(read('{"id":"01HF7B0KJPF469EG9ZVX256S75","name":"deploy"}').name, 'deploy');
  });

  it('ignore makes it text', () => {
    assert.deepEqual(parseRunbook('```sh {ignore=true}\na\n```\n').cells, []);
    assert.equal(parseRunbook('```sh {ignore=false}\na\n```\n').cells.length, 1);
  });

  it('says what is wrong with a value', () => {
    assert.deepEqual(read('{promptEnv=perhaps}').problems, [
      '`promptEnv` of echo-a is `perhaps`; wanted: `true`, `false` or `auto`.',
    ]);
    assert.deepEqual(read('{terminalRows=many}').problems, [
      '`terminalRows` of echo-a is `many`; wanted: a whole number.',
    ]);
  });
});
