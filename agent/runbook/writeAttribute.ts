import { decodeSource, encodeSource } from './decode';
import type { Cell } from './model';
import { cellIndexes, readNotebook, setAttribute, writeNotebook } from './notebook';

/**
 * The source with one attribute of a cell set, or taken away where the value is undefined. Only that attribute's
 * bytes change, and the fence's where the value cannot stand after it.
 */
export function writeAttribute(
  source: string,
  cell: Pick<Cell, 'index'>,
  key: string,
  value: string | true | undefined,
): string {
  const { cells } = readNotebook(encodeSource(source));
  const at = cellIndexes(cells).indexOf(cell.index);
  if (at < 0) throw new RangeError(`No cell has the index ${cell.index}`);
  return decodeSource(writeNotebook(cells.with(at, setAttribute(cells[at]!, key, value))));
}
