import { adoptMetadata, setAttribute } from './cellMetadata';
import { cellIndexes } from './cellIndexes';
import { isAsShown, metadataOf } from './cellOrigin';
import { findMismatch, refuse } from './checkWritten';
import { decodeSource, encodeSource } from './decode';
import { frontMatterTable } from './frontMatterTable';
import type { AddedLanguages } from './languages';
import { UnreadableRunbook, WriteRefused, type NotebookCell } from './notebookCell';
import { placeCells } from './placeCells';
import { splitSource } from './splitSource';
import { writeCells } from './writeCells';

export { adoptMetadata, cellIndexes, setAttribute, UnreadableRunbook, WriteRefused, type NotebookCell };

/**
 * Beyond so many bytes a file is text only. Full of small cells it takes 0.1 s and 20 MB a megabyte to read, in the
 * process of all extensions, and no editor shows 100,000 cells.
 */
export const maxNotebookBytes = 16 * 1024 * 1024;

/**
 * The cells of a file. Front matter is a code cell of its own that does not run; blank lines between cells are in
 * no cell.
 *
 * @throws UnreadableRunbook
 */
export function readNotebook(
  bytes: Uint8Array,
  options: { readonly languages?: AddedLanguages } = {},
): { readonly cells: NotebookCell[] } {
  if (bytes.length > maxNotebookBytes) {
    const size = Math.round(bytes.length / 1024 / 1024);
    throw new UnreadableRunbook(
      `The file has ${size} MB; notebooks go up to ${maxNotebookBytes / 1024 / 1024} MB. Open it as text.`,
    );
  }
  return { cells: [...splitSource(decodeSource(bytes), options.languages).cells] };
}

/**
 * The bytes of a notebook: a pure function of its cells. Cells that are as and where they were read give the bytes
 * they were read from. Anything else is read again before it is returned.
 *
 * @throws WriteRefused where no way to write the cells gives them again when read.
 */
export function writeNotebook(cells: readonly NotebookCell[]): Uint8Array {
  const unedited = textAsRead(cells);
  if (unedited !== undefined) return encodeSource(unedited);
  const table = frontMatterTable(cells);
  const atRoot = new Set<number>();
  for (;;) {
    const placed = placeCells(cells, atRoot);
    const text = writeCells(placed, table);
    const mismatch = findMismatch(text, placed);
    if (!mismatch) return encodeSource(text);
    // Often what opened a list or quote was edited away: then the cell stands in none.
    const { index } = placed.find(one => one.index >= mismatch.cell && one.places.length > 0) ?? {};
    if (index === undefined || atRoot.size >= maxCorrections) refuse(mismatch);
    atRoot.add(index);
  }
}

const maxCorrections = 8;

/** The text of a whole file's cells in their order, if none was changed. */
function textAsRead(cells: readonly NotebookCell[]): string | undefined {
  const parts: string[] = [];
  let file: string | undefined;
  for (const [position, cell] of cells.entries()) {
    const { origin, info } = metadataOf(cell);
    if (!origin || info !== undefined || origin.at !== position || origin.file !== (file ??= origin.file))
      return undefined;
    if (!isAsShown(cell, origin)) return undefined;
    if (position === 0 && origin.bom) parts.push('\uFEFF');
    parts.push(origin.before, origin.open, origin.body, origin.close);
    // Without it the file had more cells.
    if (position === cells.length - 1)
      return origin.after === undefined ? undefined : parts.join('') + origin.after;
  }
  return '';
}
