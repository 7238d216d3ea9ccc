// Opens and saves every Markdown file below the folders with the serializer's own code: once without an edit, once
// with an edit of one cell that is undone. Usage: npm run fidelity -- DIR…
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cellIndexes, readNotebook, writeNotebook, type NotebookCell } from '../agent/runbook/notebook';

/** What came of one file. */
interface Outcome {
  readonly cells: number;
  /** Why it is not identical. */
  readonly reason?: string;
}

main(process.argv.slice(2));

function main(folders: readonly string[]): void {
  if (folders.length === 0) {
    console.error('Usage: npm run fidelity -- DIR…');
    process.exitCode = 2;
    return;
  }
  let identical = 0;
  let cells = 0;
  const files = folders.flatMap(markdownFiles);
  for (const file of files) {
    const outcome = tryFile(file);
    cells += outcome.cells;
    if (outcome.reason === undefined) identical++;
    else console.log(`${file}: ${outcome.reason}`);
  }
  console.log(`${files.length} files, ${identical} identical, ${cells} cells`);
  process.exitCode = identical === files.length && files.length > 0 ? 0 : 1;
}

function markdownFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.md'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

function tryFile(file: string): Outcome {
  const bytes = readFileSync(file);
  let count = 0;
  try {
    const { cells } = readNotebook(bytes);
    count = cellIndexes(cells).filter(index => index !== undefined).length;
    const reason = roundTrip(bytes);
    return reason === undefined ? { cells: count } : { cells: count, reason };
  } catch (error) {
    return { cells: count, reason: String(error) };
  }
}

function roundTrip(bytes: Uint8Array): string | undefined {
  const cells = open(bytes);
  if (!same(bytes, writeNotebook(cells))) return 'saved without an edit it differs';
  const at = cellIndexes(cells).findIndex(index => index !== undefined);
  const cell = cells[at];
  if (!cell) return undefined;
  const edited = writeNotebook(withText(cells, at, `${cell.text}\n# edited`));
  if (same(bytes, edited)) return 'an edit is not written';
  // The edited file, opened anew: nothing is known of what was there before.
  const undone = writeNotebook(withText(open(edited), at, cell.text));
  return same(bytes, undone) ? undefined : 'after an edit that is undone it differs';
}

/** The cells of a file, as JSON, for that is how an editor hands them back. */
function open(bytes: Uint8Array): NotebookCell[] {
  return JSON.parse(JSON.stringify(readNotebook(bytes).cells)) as NotebookCell[];
}

function withText(cells: readonly NotebookCell[], at: number, text: string): NotebookCell[] {
  const cell = cells[at];
  if (!cell) throw new Error(`After an edit there is no cell ${at}.`);
  return cells.with(at, { ...cell, text });
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
