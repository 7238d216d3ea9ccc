import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cellIndexes, readNotebook, writeNotebook, type NotebookCell } from '../../../agent/runbook/notebook';
import { decodeSource } from '../../../agent/runbook/decode';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

const here = resolve(__dirname, '../../..');

describe('files', () => {
  suite('of our own', join(here, 'test/fixtures/markdown'));
  suite('markdown-edge', join(here, '../shared/markdown-edge'));
  suite('corpus', join(here, '../shared/corpus'));
});

function suite(what: string, folder: string): void {
  it(`${what}: each is saved as it was read, and an edit changes its cell only`, function () {
    if (!existsSync(folder)) {
      console.log(`      skipped: ${folder} is not there`);
      this.skip();
    }
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.md'),
    );
    assert.ok(files.length > 0);
    for (const name of files) checkFile(join(folder, name));
  });
}

function checkFile(path: string): void {
  const bytes = readFileSync(path);
  const cells = JSON.parse(JSON.stringify(readNotebook(bytes).cells)) as NotebookCell[];
  assert.ok(bytes.equals(writeNotebook(cells)), `${path} differs`);
  const runbook = parseRunbook(decodeSource(bytes));
  const indexes = cellIndexes(cells);
  assert.deepEqual(
    indexes.filter(index => index !== undefined),
    runbook.cells.map(({ index }) => index),
    path,
  );
  for (const [at, index] of indexes.entries()) {
    if (index !== undefined && index % 3 === 0) checkEdit(path, bytes, cells, at);
  }
}

/** A line added to a cell is a line added to the file. */
function checkEdit(path: string, bytes: Buffer, cells: readonly NotebookCell[], at: number): void {
  const cell = cells[at]!;
  const edited = decodeSource(writeNotebook(cells.with(at, { ...cell, text: `${cell.text}\necho edited` })));
  const before = decodeSource(bytes).split(/\r\n?|\n/);
  const after = edited.split(/\r\n?|\n/);
  const added = after.findIndex(line => line.endsWith('echo edited'));
  const closes = cell.text === '' ? 2 : 1;
  assert.equal(after.length, before.length + closes, `${path}: cell ${at}`);
  assert.deepEqual(after.toSpliced(added - closes + 1, closes), before, `${path}: cell ${at}`);
}
