import { basename } from 'node:path';
import type { Diagnostic, FiledDiagnostic } from '../../runbook/model';
import type { RunRequest } from '../types';
import type { Book } from './book';
import type { DraftStep } from './draft';

/**
 * What is wrong or doubtful in the texts of runbooks. Where only some cells are run: what matters for them, and of the
 * rest how much there is, in one line.
 */
export function runbookDoubts(
  { selection }: RunRequest,
  books: readonly Book[],
  steps: readonly DraftStep[],
): FiledDiagnostic[] {
  return books.flatMap(book => {
    const all = [...book.filed(book.runbook.diagnostics), ...book.declarations];
    if (selection.kind === 'all' && !book.isOther) return all;
    const run = new Set(steps.filter(step => step.book === book).map(({ cell }) => cell.name));
    const telling = all.filter(found => matters(found, book, run));
    return [...telling, ...rest(all.length - telling.length, book)];
  });
}

/** What a declaration is needed for, whoever needs it is told. */
function matters(found: FiledDiagnostic, book: Book, run: ReadonlySet<string>): boolean {
  if (found.cells !== undefined) return found.cells.some(name => run.has(name));
  const { cells, frontMatter } = book.runbook;
  if (found.span.start < (frontMatter?.span.end ?? 0)) return !book.declarations.includes(found);
  return cells.some(({ name, span }) => run.has(name) && isWithin(found, span));
}

function isWithin({ span: { start } }: Diagnostic, span: Diagnostic['span']): boolean {
  return span.start <= start && start <= span.end;
}

function rest(count: number, { file }: Book): FiledDiagnostic[] {
  if (count === 0) return [];
  const message = `${count} more ${count === 1 ? 'problem' : 'problems'} elsewhere in the file`;
  const hint = `To see all of them: handrail run -n ${basename(file)}`;
  const place = { line: 1, column: 1, span: { start: 0, end: 0 } };
  return [{ severity: 'warning', code: 'other-problems', message, hint, ...place, file }];
}
