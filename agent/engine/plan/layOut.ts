import type { Config } from '../../config/configFile';
import type { Cell, FiledDiagnostic, Runbook } from '../../runbook/model';
import { leftOut } from '../../runbook/wholeFile';
import { cellDiagnostic } from './cellDiagnostic';
import type { PlanSetting } from './planSetting';
import { selectCells } from './selectCells';
import type { Plan, RunRequest } from '../types';
import { Book } from './book';
import type { DraftStep } from './draft';
import { Library } from './library';
import { partOf } from './partOf';
import { routeOf } from './route';

/** The steps of a plan in order, with nothing filled in yet. */
export interface Layout {
  /** The runbook that was asked for. */
  readonly book: Book;
  /** All that steps are of, that one first. */
  readonly books: readonly Book[];
  readonly steps: readonly DraftStep[];
  readonly leftOut: Plan['leftOut'];
  readonly part: string | undefined;
  readonly problems: readonly FiledDiagnostic[];
}

/** Chooses cells, puts what they need before them and what undoes them at the end. */
export function layOut(
  request: RunRequest,
  setting: Pick<PlanSetting, 'passed' | 'readFile' | 'identify'> & {
    runbook: Runbook;
    config: Config | undefined;
  },
): Layout {
  const { runbook, config, passed = new Set<string>() } = setting;
  const { target, targetOf = [] } = request;
  const presets = { defaults: config?.defaults ?? {}, target, targetOf };
  const open = (file: string, other: Runbook): Book => new Book(file, other, presets, true);
  const book = new Book(request.file, runbook, presets, false);
  const library = new Library(open, setting);
  library.add(book);
  const undoing = rollbackCells(book);
  const excluded = (cell: Cell): boolean => book.options(cell).exclude || undoing.has(cell);
  const chosen = selectCells(runbook, request, excluded);
  const route = routeOf(book, chosen, passed, library);
  const preset = request.timeout === undefined ? config?.timeout : undefined;
  const steps = route.stops.map((stop, index): DraftStep => {
    const { book: own, cell, needs, pulledIn } = stop;
    const options = own.options(cell);
    const timeout = options.timeout ?? preset;
    const timed = timeout === undefined || options.background !== false ? options : { ...options, timeout };
    return { index, book: own, cell, options: timed, needs, pulledIn, role: 'step' };
  });
  const undone = rollbacks(steps);
  return {
    book,
    books: [...new Set([book, ...steps.map(step => step.book)])],
    steps: [...steps, ...undone.steps],
    leftOut: request.selection.kind === 'all' ? leftOutOf(book, undoing) : [],
    part: partOf(runbook, request, excluded),
    problems: [...route.problems, ...undone.problems],
  };
}

/** Cells that are there to undo others: no part of a whole run. */
function rollbackCells(book: Book): Set<Cell> {
  const named = book.runbook.cells.flatMap(cell => {
    const { rollback } = book.options(cell);
    const undo = rollback === undefined ? undefined : book.find(rollback);
    return undo === undefined || undo === cell ? [] : [undo];
  });
  return new Set(named);
}

/** A step at the end for each one that names a cell to undo it. */
function rollbacks(steps: readonly DraftStep[]): { steps: DraftStep[]; problems: FiledDiagnostic[] } {
  const found: DraftStep[] = [];
  const problems: FiledDiagnostic[] = [];
  for (const { book, cell, options, index } of steps) {
    const { rollback } = options;
    if (rollback === undefined) continue;
    const undo = book.find(rollback);
    if (undo === cell || undo === undefined) {
      problems.push(...book.filed([wrongRollback(book, cell, rollback, undo)]));
      continue;
    }
    found.push({
      index: steps.length + found.length,
      book,
      cell: undo,
      // What was done elsewhere is undone there.
      options: book.isMoved(cell) ? { ...book.options(undo), target: options.target } : book.options(undo),
      needs: [],
      pulledIn: true,
      role: 'rollback',
      undoes: index,
    });
  }
  return { steps: found, problems };
}

function wrongRollback(
  { runbook }: Book,
  cell: Cell,
  rollback: string,
  undo: Cell | undefined,
): ReturnType<typeof cellDiagnostic> {
  const why = undo === undefined ? `\`${rollback}\`, and no cell has that name` : 'itself';
  const hint = 'Name a cell of this file that undoes it.';
  return cellDiagnostic(runbook, cell, 'unknown-rollback', `\`${cell.name}\` is rolled back by ${why}`, {
    key: 'rollback',
    hint,
  });
}

function leftOutOf(book: Book, undoing: ReadonlySet<Cell>): Plan['leftOut'] {
  const { runbook, file } = book;
  const notMeant = new Map(leftOut(runbook, file).map(({ cell, why }) => [cell, why]));
  return runbook.cells.flatMap(cell => {
    const { name, line } = cell;
    const own = book.options(cell).exclude ? 'it has `exclude`: run it by its name' : undefined;
    const undoes = undoing.has(cell) ? 'it undoes another cell: it runs when a later step fails' : undefined;
    const why = undoes ?? notMeant.get(cell) ?? own;
    return why === undefined ? [] : [{ name, line, why }];
  });
}
