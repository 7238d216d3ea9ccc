import { metadataOf, shownText } from './cellOrigin';
import { equalLineEnds } from './lines';
import type { NotebookCell } from './notebookCell';

/** What an editor may do to a text by itself when it saves it. */
export interface Tidying {
  /** Blanks at the ends of lines are taken away. */
  readonly blanks: boolean;
  /** Line ends at the end of the text are added or taken away. */
  readonly finalNewlines: boolean;
}

/** Whether a cell has been changed since it was read by nothing but what an editor does by itself. */
export function isOnlyTidied(cell: NotebookCell, tidying: Tidying): boolean {
  const { origin } = metadataOf(cell);
  if (origin === undefined) return false;
  const read = shownText(origin);
  const text = equalLineEnds(cell.text);
  if (text === read) return false;
  const lines = linesOf(text, tidying);
  const readLines = linesOf(read, tidying);
  return (
    lines.length === readLines.length &&
    lines.every((line, i) => line === readLines[i] || (tidying.blanks && line === readLines[i]?.trimEnd()))
  );
}

function linesOf(text: string, { blanks, finalNewlines }: Tidying): string[] {
  const end = blanks ? /\s+$/ : /\n+$/;
  return (finalNewlines ? text.replace(end, '') : text).split('\n');
}

/** A cell with the text that it was read with. */
export function withTextAsRead(cell: NotebookCell): NotebookCell {
  const { origin } = metadataOf(cell);
  return origin === undefined ? cell : { ...cell, text: shownText(origin) };
}
