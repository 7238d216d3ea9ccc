import { metadataOf, shownText } from './cellOrigin';
import { equalLineEnds } from './lines';
import type { NotebookCell } from './notebookCell';

/** Whether nothing but blanks at the ends of lines were taken from a cell since it was read. */
export function isOnlyTrimmed(cell: NotebookCell): boolean {
  const { origin } = metadataOf(cell);
  if (origin === undefined) return false;
  const read = shownText(origin);
  const text = equalLineEnds(cell.text);
  if (text === read) return false;
  const lines = text.split('\n');
  const readLines = read.split('\n');
  return (
    lines.length === readLines.length &&
    lines.every((line, i) => line === readLines[i] || line === readLines[i]?.trimEnd())
  );
}

/** A cell with the text that it was read with. */
export function withTextAsRead(cell: NotebookCell): NotebookCell {
  const { origin } = metadataOf(cell);
  return origin === undefined ? cell : { ...cell, text: shownText(origin) };
}
