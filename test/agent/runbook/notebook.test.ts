import assert from 'node:assert/strict';
import { decodeSource, encodeSource } from '../../../agent/runbook/decode';
import {
  adoptMetadata,
  cellIndexes,
  maxNotebookBytes,
  readNotebook,
  setAttribute,
  UnreadableRunbook,
  WriteRefused,
  writeNotebook,
  type NotebookCell,
} from '../../../agent/runbook/notebook';
import { writeAttribute } from '../../../agent/runbook/writeAttribute';

type Change = (cells: NotebookCell[]) => NotebookCell[];

function read(source: string): NotebookCell[] {
  return readNotebook(encodeSource(source)).cells;
}

function write(cells: readonly NotebookCell[]): string {
  return decodeSource(writeNotebook(JSON.parse(JSON.stringify(cells)) as NotebookCell[]));
}

const text =
  (at: number, now: string): Change =>
  cells =>
    cells.with(at, { ...cells[at]!, text: now });
const language =
  (at: number, languageId: string): Change =>
  cells =>
    cells.with(at, { ...cells[at]!, languageId });
const insert =
  (at: number, now: string, languageId = 'shellscript'): Change =>
  cells =>
    cells.toSpliced(at, 0, { kind: languageId === 'markdown' ? 'markup' : 'code', languageId, text: now });
const remove =
  (at: number): Change =>
  cells =>
    cells.toSpliced(at, 1);
const move =
  (from: number, to: number): Change =>
  cells =>
    cells.toSpliced(from, 1).toSpliced(to, 0, cells[from]!);
const attribute =
  (at: number, key: string, value: string | true | undefined): Change =>
  cells =>
    cells.with(at, setAttribute(cells[at]!, key, value));

const item = '1. One\n\n   ```sh\n   a\n   b\n   ```\n\n   after\n\n2. Two\n';
const quote = '> One\n>\n> ```sh\n> a\n>\n> b\n> ```\n>\n> after\n';

describe('readNotebook', () => {
  const rows: [what: string, source: string, cells: string[]][] = [
    ['text and code', '# T\n\n```sh\na\n```\n\nend\n', ['markdown:# T', 'shellscript:a', 'markdown:end']],
    ['front matter', '---\na: 1\n---\n\n# T\n', ['yaml:a: 1', 'markdown:# T']],
    ['TOML front matter', '+++\na = 1\n+++\n', ['toml:a = 1']],
    ['a list', item, ['markdown:1. One', 'shellscript:a\nb', 'markdown:after\n\n2. Two']],
    ['a quote', quote, ['markdown:> One\n>', 'shellscript:a\n\nb', 'markdown:after']],
    ['fences that do not run', '```yaml\na: 1\n```\n', ['markdown:```yaml\na: 1\n```']],
    [
      'languages',
      '```py\na\n```\n```js\nb\n```\n```console\n$ c\n```\n',
      ['python:a', 'javascript:b', 'shellscript:$ c'],
    ],
    ['blank lines', '\n \n', ['markdown:\n ']],
    ['nothing', '', []],
    ['bytes that are no text', 'a\uDCFF\n\n```sh\n\uDC80\n```\n', ['markdown:a\uFFFD', 'shellscript:\uFFFD']],
  ];
  for (const [what, source, cells] of rows) {
    it(what, () => {
      assert.deepEqual(
        read(source).map(cell => `${cell.languageId}:${cell.text}`),
        cells,
      );
      assert.equal(write(read(source)), source);
    });
  }

  it('gives text cells the link definitions of other cells', () => {
    const [first] = read(
      'See [here][d], [X].\n\n```sh\na\n```\n\n[d]: http://e.com/d "T"\n[x]: http://e.com/x\n[z]: http://e.com/z\n',
    );
    assert.deepEqual(first!.metadata!.linkDefinitions, {
      D: { href: 'http://e.com/d', title: 'T' },
      X: { href: 'http://e.com/x', title: '' },
    });
  });

  it('refuses what no editor could show, and says so', () => {
    assert.throws(() => readNotebook(new Uint8Array(maxNotebookBytes + 1)), UnreadableRunbook);
  });
});

describe('writeNotebook', () => {
  const rows: [what: string, source: string, change: Change, expected: string][] = [
    ['a line edited', '```sh\na\nb\n```\n', text(0, 'a\nc'), '```sh\na\nc\n```\n'],
    ['a line added in a list', item, text(1, 'a\nx\nb'), item.replace('   a\n', '   a\n   x\n')],
    ['a line added in a quote', quote, text(1, 'a\n\nb\n\nc'), quote.replace('> b\n', '> b\n>\n> c\n')],
    ['CRLF kept', '```sh\r\na\r\n```\r\n', text(0, 'a\nb'), '```sh\r\na\r\nb\r\n```\r\n'],
    ['CRLF from the editor', '```sh\na\nb\n```\n', text(0, 'a\r\nb\r\nc'), '```sh\na\nb\nc\n```\n'],
    [
      'other bytes untouched',
      '```sh  \n\ta\uDCFF\r\nb\n```  \n\n\n\nend',
      text(0, '\ta\uFFFD\nc'),
      '```sh  \n\ta\uDCFF\r\nc\n```  \n\n\n\nend',
    ],
    ['no last line end', 'a\n\nb', text(0, 'a\n\nc'), 'a\n\nc'],
    ['made empty', '```sh\na\n```\n', text(0, ''), '```sh\n```\n'],
    ['an empty cell filled', '```sh\n```\n', text(0, 'a'), '```sh\na\n```\n'],
    ['an unclosed cell edited', '```sh\na\n', text(0, 'b'), '```sh\nb\n'],
    ['a cell after an unclosed one', '```sh\na', insert(1, 'b'), '```sh\na\n```\n\n```sh\nb\n```\n'],
    ['a fence in the text', '```sh\na\n```\n', text(0, '```\nx\n```'), '````sh\n```\nx\n```\n````\n'],
    ['text edited', '# T\n\n```sh\na\n```\n', text(0, '# U'), '# U\n\n```sh\na\n```\n'],
    [
      'text in a list edited',
      item,
      text(2, 'then\nmore\n\n2. Two'),
      item.replace('   after\n', '   then\n   more\n'),
    ],
    [
      'front matter edited',
      '---\na: 1 # c\nb: 2\n---\n\n# T\n',
      text(0, 'a: 1 # c\nb: 3'),
      '---\na: 1 # c\nb: 3\n---\n\n# T\n',
    ],
    ['the language', '```sh {name=a}\nx\n```\n', language(0, 'python'), '```python {name=a}\nx\n```\n'],
    ['a tag that says the same', '~~~console\n$ x\n~~~\n', text(0, '$ y'), '~~~console\n$ y\n~~~\n'],
    [
      'a session without its prompt',
      '```console {name=a}\n$ x\n```\n',
      text(0, 'x'),
      '```bash {name=a}\nx\n```\n',
    ],
    ['a new cell', '# T\n\n```bash\na\n```\n', insert(2, 'b'), '# T\n\n```bash\na\n```\n\n```bash\nb\n```\n'],
    [
      'a new cell like its neighbour',
      '~~~~sh\na\n~~~~\n',
      insert(1, 'b'),
      '~~~~sh\na\n~~~~\n\n~~~~sh\nb\n~~~~\n',
    ],
    [
      'a new cell in a list',
      item,
      insert(2, 'n'),
      item.replace('   after', '   ```sh\n   n\n   ```\n\n   after'),
    ],
    [
      'a new cell in a quote',
      quote,
      insert(2, 'n'),
      quote.replace('> after', '> ```sh\n> n\n> ```\n>\n> after'),
    ],
    ['new text', '```sh\na\n```\n', insert(0, 'Hello', 'markdown'), 'Hello\n\n```sh\na\n```\n'],
    ['the first cell of all', '', insert(0, 'a'), '```bash\na\n```\n'],
    ['a cell deleted', '# T\n\n```sh\na\n```\n\nend\n', remove(1), '# T\n\nend\n'],
    ['a cell deleted in a list', item, remove(1), '1. One\n\n   after\n\n2. Two\n'],
    ['what opens the list deleted', item, remove(0), '```sh\na\nb\n```\n\nafter\n\n2. Two\n'],
    ['the first cell deleted', '\uFEFF# T\n\n```sh\na\n```\n', remove(0), '\uFEFF```sh\na\n```\n'],
    ['cells swapped', '```sh\na\n```\n\n```sh\nb\n```\n', move(0, 1), '```sh\nb\n```\n\n```sh\na\n```\n'],
    [
      'a cell moved out of a list',
      `${item}\n\`\`\`sh\nz\n\`\`\`\n`,
      move(1, 3),
      '1. One\n\n   after\n\n2. Two\n\n```sh\nz\n```\n\n```sh\na\nb\n```\n',
    ],
    [
      'a cell moved into a list',
      `${item}\n\`\`\`sh\nz\n\`\`\`\n`,
      move(3, 2),
      item.replace('   after', '   ```sh\n   z\n   ```\n\n   after'),
    ],
    [
      'the list item of a cell edited away',
      '10. One\n\n    ```sh\n    a\n    ```\n',
      text(0, 'One'),
      'One\n\n```sh\na\n```\n',
    ],
    ['an attribute set', '```sh  \na\n```\n', attribute(0, 'name', 'x'), '```sh {name=x}  \na\n```\n'],
    [
      'an attribute changed',
      '> ~~~sh { name=x  y }\n> a\n> ~~~\n',
      attribute(0, 'name', 'z'),
      '> ~~~sh { name=z  y }\n> a\n> ~~~\n',
    ],
    [
      'an attribute with a backtick',
      '```sh\na\n```\n',
      attribute(0, 'when', 'test `x`'),
      '~~~sh {when="test `x`"}\na\n~~~\n',
    ],
    [
      'an attribute set and taken away',
      '```sh\na\n```\n',
      cells => attribute(0, 'name', undefined)(attribute(0, 'name', 'x')(cells)),
      '```sh\na\n```\n',
    ],
    ['front matter put last', '---\na: 1\n---\n\n# T\n', move(0, 1), '---\na: 1\n---\n\n# T\n'],
    ['a code cell that cannot run', '# T\n', insert(1, 'a: 1', 'yaml'), '# T\n\n```yaml\na: 1\n```\n'],
    [
      'code made text',
      '# T\n\n```sh\na\n```\n',
      cells => cells.with(1, { ...cells[1]!, kind: 'markup', languageId: 'markdown' }),
      '# T\n\na\n',
    ],
    ['a fence typed into text', '# T\n', text(0, '# T\n\n```sh\na\n```'), '# T\n\n```sh\na\n```\n'],
    [
      'trailing blanks of a heredoc',
      '```sh\ncat <<E\nx  \nE\necho\n```\n',
      text(0, 'cat <<E\nx  \nE\necho 2'),
      '```sh\ncat <<E\nx  \nE\necho 2\n```\n',
    ],
  ];
  for (const [what, source, change, expected] of rows) {
    it(what, () => {
      const cells = read(source);
      assert.equal(write(change(cells)), expected);
      assert.equal(write(cells), source);
    });
  }

  const refused: [what: string, source: string, change: Change, cell: number, reason: RegExp][] = [
    [
      'a fence that is not closed',
      '# T\n\n```sh\na\n```\n',
      text(0, '# T\n\n```'),
      1,
      /text cell 1 opens a code fence/,
    ],
    ['a comment that is not closed', '# T\n\n```sh\na\n```\n', text(0, '<!-- x'), 1, /text cell 1 opens/],
    ['the end of front matter in it', '---\na: 1\n---\n\n# T\n', text(0, 'a: 1\n---\nb: 2'), 0, /Cell 1/],
  ];
  for (const [what, source, change, cell, reason] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => write(change(read(source))),
        (error: unknown) =>
          error instanceof WriteRefused && error.cell === cell && reason.test(error.message),
      );
    });
  }
});

describe('adoptMetadata', () => {
  const source = '# T\n\n~~~sh {name=a confirm="Sure?" timeout=5m}\nx\ny\n~~~\n';
  const bare = (cell: NotebookCell, now = cell.text): NotebookCell => ({ ...cell, text: now, metadata: {} });

  it('gives a cell that was cut and pasted all that it had', () => {
    const cells = read(source);
    assert.equal(write([cells[0]!, adoptMetadata(bare(cells[1]!), [cells[1]!], [cells[0]!])]), source);
  });

  it('gives a copy all but the name', () => {
    const cells = read(source);
    const copy = adoptMetadata(bare(cells[1]!), [cells[1]!], cells);
    assert.equal(write([...cells, copy]), `${source}\n~~~sh {confirm="Sure?" timeout=5m}\nx\ny\n~~~\n`);
  });

  it('gives the second half of a split all but the name', () => {
    const cells = read(source);
    const half = { ...cells[1]!, text: 'x' };
    const rest = adoptMetadata(bare(cells[1]!, 'y'), [cells[1]!], [cells[0]!, half]);
    const written = write([cells[0]!, half, rest]);
    assert.match(
      written,
      /~~~sh \{name=a confirm="Sure\?" timeout=5m\}\nx\n~~~\n\n~~~sh \{confirm="Sure\?" timeout=5m\}\ny\n~~~\n/,
    );
  });

  it('gives the second half of a line that was split its attributes', () => {
    const [donor] = read('```sh {confirm}\necho a; echo b\n```\n');
    const half = { ...donor!, text: 'echo a; ' };
    const rest = adoptMetadata(bare(donor!, 'echo b'), [donor!], [half]);
    assert.equal(write([half, rest]), '```sh {confirm}\necho a; \n```\n\n```sh {confirm}\necho b\n```\n');
  });

  it('gives a cell from another runbook its attributes and fence', () => {
    const [, donor] = read(source);
    const cells = read('# Other\n\n```bash\nz\n```\n');
    const pasted = adoptMetadata(bare(donor!), [donor!], cells);
    assert.equal(
      write([...cells, pasted]),
      '# Other\n\n```bash\nz\n```\n\n~~~sh {name=a confirm="Sure?" timeout=5m}\nx\ny\n~~~\n',
    );
  });

  it('leaves alone what has metadata, or comes from nowhere', () => {
    const [, cell] = read(source);
    assert.equal(adoptMetadata(cell!, []), cell);
    const other = bare(cell!, 'other');
    assert.equal(adoptMetadata(other, [cell!]), other);
  });
});

describe('cellIndexes', () => {
  it('counts what runs', () => {
    const cells = read('---\na: 1\n---\n\n# T\n\n```sh\na\n```\n\n```sh {name=b}\nb\n```\n');
    assert.deepEqual(cellIndexes(cells), [undefined, undefined, 0, 1]);
    assert.deepEqual(cellIndexes(insert(1, 'a: 1', 'yaml')(cells)), [undefined, undefined, undefined, 0, 1]);
    assert.deepEqual(cellIndexes(text(1, '```sh\nz\n```')(cells)), [undefined, undefined, 1, 2]);
  });
});

describe('writeAttribute', () => {
  it('changes the attribute and nothing else', () => {
    const source = '# T\r\n\r\n> ```sh {name=a}\r\n> x\r\n> ```\r\n';
    assert.equal(
      writeAttribute(source, { index: 0 }, 'timeout', '5m'),
      source.replace('a}', 'a timeout=5m}'),
    );
    assert.equal(writeAttribute(source, { index: 0 }, 'name', undefined), source.replace(' {name=a}', ''));
  });
});
