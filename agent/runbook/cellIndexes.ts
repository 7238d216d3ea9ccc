import { metadataOf, shownText } from './cellOrigin';
import { frontMatterTable } from './frontMatterTable';
import type { LanguageTable } from './languages';
import { equalLineEnds } from './lines';
import type { NotebookCell } from './notebookCell';
import { infoOf } from './renderCode';
import { runnableLanguage } from './runnable';
import { splitSource } from './splitSource';

/** For each cell its index among the cells of the runbook it is written as; undefined where it does not run. */
export function cellIndexes(cells: readonly NotebookCell[]): (number | undefined)[] {
  const table = frontMatterTable(cells);
  let next = 0;
  return cells.map(cell => {
    if (cell.kind === 'markup') next += cellsInText(cell);
    return cell.kind === 'code' && runs(cell, table) ? next++ : undefined;
  });
}

function runs(cell: NotebookCell, table: LanguageTable): boolean {
  const { origin, info } = metadataOf(cell);
  if (origin?.role === 'front-matter') return false;
  const written = infoOf({ cell, style: origin, info }, undefined, table);
  return runnableLanguage(written, table, () => equalLineEnds(cell.text).split('\n')) !== undefined;
}

/** Fences typed into a text cell are cells of the file before they are cells of the notebook. */
function cellsInText(cell: NotebookCell): number {
  if (!/```|~~~/.test(cell.text)) return 0;
  const text = equalLineEnds(cell.text);
  const { origin } = metadataOf(cell);
  if (origin && text === shownText(origin)) return 0;
  return splitSource(text).cells.filter(({ kind }) => kind === 'code').length;
}
