import { addedLanguages } from './addedLanguages';
import { metadataOf } from './cellOrigin';
import { readFrontMatter } from './frontMatterValues';
import { LanguageTable } from './languages';
import { Lines } from './lines';
import type { NotebookCell } from './notebookCell';

/** The languages that a notebook's front matter cell makes known. */
export function frontMatterTable(cells: readonly NotebookCell[]): LanguageTable {
  const cell = cells.find(one => metadataOf(one).origin?.role === 'front-matter');
  const format = cell?.languageId;
  if (!cell || (format !== 'yaml' && format !== 'toml' && format !== 'json')) return new LanguageTable();
  const span = { start: 0, end: cell.text.length };
  const { frontMatter } = readFrontMatter({ format, span, body: span }, new Lines(cell.text));
  return new LanguageTable(addedLanguages(frontMatter.values));
}
