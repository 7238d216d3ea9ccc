import assert from 'node:assert/strict';
import fc from 'fast-check';
import { attributesOf } from '../../../agent/runbook/attributes';
import { cellInfo } from '../../../agent/runbook/cellMetadata';
import { metadataOf } from '../../../agent/runbook/cellOrigin';
import { decodeSource, encodeSource } from '../../../agent/runbook/decode';
import { parseInfo } from '../../../agent/runbook/infoString';
import type { Attribute } from '../../../agent/runbook/model';
import {
  adoptMetadata,
  cellIndexes,
  readNotebook,
  setAttribute,
  writeNotebook,
  type NotebookCell,
} from '../../../agent/runbook/notebook';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

const runs = Number(process.env.HANDRAIL_PROPERTY_RUNS ?? 400);

const word = fc.constantFrom(
  'echo hi',
  'ls -l',
  'cat <<E\n  a\n\tb  \nE',
  '',
  'a\n\nb\n',
  '# note',
  'x="```"',
  '~~~',
  '```',
  '> q',
);
const info = fc.constantFrom(
  'sh',
  'bash {name=NAME confirm="Sure?"}',
  'sh {"name":"NAME","confirm":"true"}',
  'python  {timeout=5m}  ',
  'console',
  'js {1,3}',
  'zsh title="a b" {needs=x #NAME}',
);
const fence = fc.constantFrom('```', '~~~', '````');
const textBlock = fc.constantFrom(
  '# Heading',
  'A paragraph\nof two lines  ',
  '- [ ] item\n- [x] other',
  '<!-- ```sh\nnot a cell\n``` -->',
  '<details>\n<summary>S</summary>',
  '</details>',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '```yaml\na: 1\n```',
  '> quote\nlazy',
  '    indented code',
  'See [here][ref].\n\n[ref]: https://example.com "T"',
  'Title\n=====',
);
const code = fc.record({ fence, info, text: word, indent: fc.constantFrom('', ' ', '   ') });
const wrap = fc.constantFrom('', '', '', '- ', '1. ', '10. ', '> ', '> - ', '- > ', '*   ');
const block = fc.oneof(
  { weight: 2, arbitrary: textBlock.map(text => ({ kind: 'text' as const, text, wrap: '' })) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('code' as const), code, wrap, own: fc.boolean() }) },
);
const file = fc.record({
  blocks: fc.array(block, { maxLength: 8 }),
  gaps: fc.array(fc.constantFrom('\n', '\n\n', '\n \n\n'), { minLength: 8, maxLength: 8 }),
  eol: fc.constantFrom('\n', '\n', '\r\n', '\r'),
  bom: fc.boolean(),
  front: fc.constantFrom('', '', '---\ntitle: A # c\n---\n', '+++\na = 1\n+++\n\n'),
  end: fc.constantFrom('', '\n', '\n\n\n'),
});

type File = typeof file extends fc.Arbitrary<infer T> ? T : never;

function build({ blocks, gaps, eol, bom, front, end }: File): string {
  const parts = blocks.map((one, index) => {
    const gap = index === 0 ? '' : (gaps[index] ?? '\n');
    if (one.kind === 'text') return gap + one.text;
    const lines = codeLines(one.code, `cell-${index}`);
    return gap + (one.wrap === '' ? lines.join('\n') : inContainer(one.wrap, lines, one.own));
  });
  const text = front + parts.join('\n') + end;
  return (bom ? '\uFEFF' : '') + text.replaceAll('\n', eol);
}

function codeLines(
  one: { fence: string; info: string; text: string; indent: string },
  name: string,
): string[] {
  const safe = one.text.includes(one.fence.slice(0, 3)) ? one.fence[0]!.repeat(5) : one.fence;
  const content = one.text === '' ? [] : one.text.split('\n').map(line => one.indent + line);
  return [`${one.indent}${safe}${one.info.replace('NAME', name)}`, ...content, `${one.indent}${safe}`];
}

function inContainer(marker: string, lines: readonly string[], own: boolean): string {
  const rest = marker.replace(/[^\s>]/g, ' ');
  const all = own ? lines : ['lead', '', ...lines, '', 'after'];
  return all.map((line, index) => (index === 0 ? marker : rest) + line).join('\n');
}

const edit = fc.record({
  op: fc.constantFrom(
    'edit',
    'text',
    'add',
    'addText',
    'move',
    'delete',
    'split',
    'join',
    'copy',
    'cut',
    'attribute',
    'undo',
  ),
  a: fc.nat(30),
  b: fc.nat(30),
  text: fc.constantFrom('new', 'two\nlines', 'with ``` in', '```', 'end\n', '~~~~\nx', '', 'z\n\n  y'),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** One command as an editor does it: metadata is lost where VS Code loses it, and given back by our own doing. */
function apply(
  cells: readonly NotebookCell[],
  { op, a, b, text }: Edit,
  first: readonly NotebookCell[],
): NotebookCell[] {
  if (op === 'undo') return [...first];
  if (op === 'add')
    return cells.toSpliced(a % (cells.length + 1), 0, { kind: 'code', languageId: 'shellscript', text });
  if (op === 'addText') {
    const markup: NotebookCell = { kind: 'markup', languageId: 'markdown', text: 'New text' };
    return cells.toSpliced(a % (cells.length + 1), 0, markup);
  }
  if (cells.length === 0) return [];
  const at = a % cells.length;
  const to = b % cells.length;
  const cell = cells[at]!;
  if (isFrontMatter(cell)) return [...cells];
  switch (op) {
    case 'edit':
      return cell.kind === 'code' ? cells.with(at, { ...cell, text }) : [...cells];
    case 'text':
      return cell.kind === 'markup'
        ? cells.with(at, { ...cell, text: `${cell.text}\n\nmore text` })
        : [...cells];
    case 'move':
      return cells.toSpliced(at, 1).toSpliced(to, 0, cell);
    case 'delete':
      return cells.toSpliced(at, 1);
    case 'split': {
      const lines = cell.text.split('\n');
      if (cell.kind !== 'code' || lines.length < 2) return [...cells];
      const half = { ...cell, text: lines.slice(0, 1).join('\n') };
      const rest = {
        kind: cell.kind,
        languageId: cell.languageId,
        text: lines.slice(1).join('\n'),
        metadata: {},
      };
      return cells.toSpliced(at, 1, half, adoptMetadata(rest, [cell], [...cells.toSpliced(at, 1), half]));
    }
    case 'join': {
      const next = cells[at + 1];
      if (next?.kind !== cell.kind || isFrontMatter(next)) return [...cells];
      return cells.toSpliced(at, 2, { ...cell, text: `${cell.text}\n${next.text}` });
    }
    case 'copy':
      return cells.toSpliced(to, 0, adoptMetadata({ ...cell, metadata: {} }, [cell], cells));
    case 'cut': {
      const left = cells.toSpliced(at, 1);
      return left.toSpliced(to, 0, adoptMetadata({ ...cell, metadata: {} }, [cell], left));
    }
    case 'attribute':
      return cell.kind === 'code' ? cells.with(at, setAttribute(cell, 'timeout', `${b}s`)) : [...cells];
  }
}

function isFrontMatter(cell: NotebookCell): boolean {
  return cell.languageId === 'yaml' || cell.languageId === 'toml';
}

/** As an editor hands them back. */
function throughJson(cells: readonly NotebookCell[]): NotebookCell[] {
  return JSON.parse(JSON.stringify(cells)) as NotebookCell[];
}

function codeOf(cells: readonly NotebookCell[]): { text: string; languageId: string }[] {
  return cells.filter(({ kind }) => kind === 'code').map(({ text, languageId }) => ({ text, languageId }));
}

function confirmsOf(cells: readonly NotebookCell[]): number {
  return parseRunbook(decodeSource(writeNotebook(cells))).cells.filter(({ attributes }) =>
    attributes.some(({ key }) => key === 'confirm'),
  ).length;
}

/** The bytes of each cell that nobody touched, and that stands in no list or quote, are those of the file. */
function assertBytesStay(
  first: readonly NotebookCell[],
  cells: readonly NotebookCell[],
  written: string,
): void {
  for (const cell of first) {
    const { origin } = metadataOf(cell);
    if (!origin || origin.entry || !cells.includes(cell)) continue;
    const raw = (origin.open + origin.body + origin.close).trimEnd();
    assert.ok(written.includes(raw), `${JSON.stringify(raw)} is not in ${JSON.stringify(written)}`);
  }
}

/** Attributes are those that the cells' metadata says. */
function assertAttributesStay(cells: readonly NotebookCell[], written: string): void {
  const indexes = cellIndexes(cells);
  const runbook = parseRunbook(written);
  cells.forEach((cell, at) => {
    const info = cellInfo(cell);
    const index = indexes[at];
    if (info === undefined || index === undefined) return;
    const pairs = (attributes: readonly Attribute[]) => attributes.map(({ key, value }) => [key, value]);
    assert.deepEqual(pairs(runbook.cells[index]!.attributes), pairs(attributesOf(parseInfo(info), 0)));
  });
}

describe('a notebook of any Markdown', () => {
  it('is written as it was read', () => {
    fc.assert(
      fc.property(file, one => {
        const source = build(one);
        assert.equal(
          decodeSource(writeNotebook(throughJson(readNotebook(encodeSource(source)).cells))),
          source,
        );
      }),
      { numRuns: runs * 2 },
    );
  });

  it('is written as it was read, whatever the bytes', () => {
    const piece = fc.constantFrom(
      '```',
      '~~~',
      'sh',
      '\n',
      '\r',
      '\n\n',
      '- ',
      '> ',
      '  ',
      '\t',
      '1. ',
      '---\n',
      '{',
      '}',
      '\0',
      '\uFEFF',
      '<!--',
      '-->',
      'x',
      '\uDC80',
      '`',
      '#',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const bytes = encodeSource(pieces.join(''));
        assert.deepEqual(
          Buffer.from(writeNotebook(throughJson(readNotebook(bytes).cells))),
          Buffer.from(bytes),
        );
      }),
      { numRuns: runs * 5 },
    );
  });

  it('keeps all cells, attributes and untouched bytes over any edits', () => {
    fc.assert(
      fc.property(file, fc.array(edit, { minLength: 1, maxLength: 6 }), (one, edits) => {
        const source = build(one);
        const first = throughJson(readNotebook(encodeSource(source)).cells);
        let cells: NotebookCell[] = first;
        for (const step of edits) {
          const confirms = confirmsOf(cells);
          const last = cells;
          cells = apply(cells, step, first);
          if (!['delete', 'join', 'undo', 'split', 'copy'].includes(step.op)) {
            assert.equal(
              confirmsOf(cells),
              confirms,
              `${step.op} lost an approval of ${JSON.stringify(last)}`,
            );
          }
        }
        const written = decodeSource(writeNotebook(throughJson(cells)));
        const wanted = codeOf(cells.toSorted((a, b) => Number(isFrontMatter(b)) - Number(isFrontMatter(a))));
        assert.deepEqual(codeOf(readNotebook(encodeSource(written)).cells), wanted);
        assert.equal(
          cellIndexes(cells).filter(index => index !== undefined).length,
          parseRunbook(written).cells.length,
        );
        // A cell that was moved takes on the list or quote of its new place.
        if (!edits.some(({ op }) => op === 'move' || op === 'cut')) assertBytesStay(first, cells, written);
        assertAttributesStay(cells, written);
        assert.equal(decodeSource(writeNotebook(first)), source);
      }),
      { numRuns: runs * 2 },
    );
  });
});
