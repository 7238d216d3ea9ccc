import { relative, dirname } from 'node:path';
import type { Cell, FiledDiagnostic } from '../../runbook/model';
import { parseNeed } from '../../runbook/needs';
import { cellDiagnostic } from './cellDiagnostic';
import { orderByNeeds } from './orderByNeeds';
import { passedKey } from '../session/passedCells';
import type { Book } from './book';
import type { Library } from './library';

/** A cell on its way into a plan. */
export interface Stop {
  readonly book: Book;
  readonly cell: Cell;
  /** Positions on the route of the cells that must have passed. */
  readonly needs: readonly number[];
  readonly pulledIn: boolean;
}

/** The cells of a plan in the order they run, those that are needed before those that need them. */
export interface Route {
  readonly stops: readonly Stop[];
  /** Needs that lead nowhere, or in a circle. */
  readonly problems: readonly FiledDiagnostic[];
}

/**
 * Puts the chosen cells of a runbook in order, with what they need of it and of others. `passed`: cells that passed in
 * the session already are not pulled in again.
 */
export function routeOf(
  book: Book,
  chosen: readonly number[],
  passed: ReadonlySet<string>,
  library: Library,
): Route {
  const finder = new Finder(library);
  const start = chosen.map(index => finder.number(book, at(book.runbook.cells, index)));
  const wanted = new Set(start);
  const needs = (number: number): number[] =>
    finder.needs(number).filter(need => wanted.has(need) || !passed.has(finder.passedKey(need)));
  const { order: found, cycle } = orderByNeeds(start, needs);
  if (cycle) finder.reportCircle(cycle);
  const order = cycle ? [...new Set([...start, ...cycle])] : found;
  const place = new Map(order.map((number, position) => [number, position]));
  const stops = order.map(number => ({
    ...finder.cell(number),
    needs: needs(number).flatMap(need => place.get(need) ?? []),
    pulledIn: !wanted.has(number),
  }));
  return { stops, problems: finder.problems };
}

interface Found {
  readonly book: Book;
  readonly cell: Cell;
}

/** Gives cells of several runbooks numbers, and follows their needs. */
class Finder {
  readonly problems: FiledDiagnostic[] = [];
  readonly #library: Library;
  readonly #cells: Found[] = [];
  readonly #numbers = new Map<Cell, number>();
  readonly #needs = new Map<number, readonly number[]>();

  constructor(library: Library) {
    this.#library = library;
  }

  number(book: Book, cell: Cell): number {
    const known = this.#numbers.get(cell);
    if (known !== undefined) return known;
    this.#numbers.set(cell, this.#cells.length);
    return this.#cells.push({ book, cell }) - 1;
  }

  cell(number: number): Found {
    return at(this.#cells, number);
  }

  passedKey(number: number): string {
    const { book, cell } = this.cell(number);
    return passedKey(book.key(cell), book.options(cell).target);
  }

  needs(number: number): readonly number[] {
    const known = this.#needs.get(number);
    if (known) return known;
    const { book, cell } = this.cell(number);
    const found = book.options(cell).needs.flatMap(item => this.#need(book, cell, item) ?? []);
    this.#needs.set(number, found);
    return found;
  }

  reportCircle(circle: readonly number[]): void {
    const found = circle.map(number => this.cell(number));
    const [first] = found;
    if (!first) return;
    const { book, cell } = first;
    const path = [...found, first].map(each => nameFrom(book, each)).join(' → ');
    const message = `The cells need each other in a circle: ${path}`;
    this.#report(book, cell, 'cyclic-needs', message, 'Take one `needs` away.');
  }

  #need(book: Book, cell: Cell, item: string): number | undefined {
    const need = parseNeed(item);
    if (need.kind === 'wrong') {
      this.#report(book, cell, 'wrong-needs', `\`${cell.name}\`: ${need.message}`);
      return undefined;
    }
    const other = need.kind === 'cell' ? book : this.#library.find(book, need.file);
    if (typeof other === 'string') {
      this.#report(book, cell, 'unknown-needs', `\`${cell.name}\` needs \`${item}\`, and ${other}`);
      return undefined;
    }
    const found = other.find(need.name);
    if (found) return this.number(other, found);
    const where = other === book ? 'no cell' : `no cell of ${other.file}`;
    const names = other.runbook.cells.filter(({ named }) => named).map(({ name }) => name);
    const hint =
      other === book || names.length === 0 ? undefined : `It has: ${names.slice(0, 12).join(', ')}.`;
    const message = `\`${cell.name}\` needs \`${item}\`, and ${where} has that name`;
    this.#report(book, cell, 'unknown-needs', message, hint);
    return undefined;
  }

  #report(book: Book, cell: Cell, code: string, message: string, hint?: string): void {
    const where = { key: 'needs', ...(hint === undefined ? {} : { hint }) };
    this.problems.push(...book.filed([cellDiagnostic(book.runbook, cell, code, message, where)]));
  }
}

function nameFrom(book: Book, { book: own, cell }: Found): string {
  return own === book ? cell.name : `${relative(dirname(book.file), own.file)}#${cell.name}`;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`No item ${index} of ${items.length}`);
  return item;
}
