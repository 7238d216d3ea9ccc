import type { RunRequest } from '../../engine/types';
import { UsageError } from '../call';
import { sayPath } from '../terminal/words';

export interface CellFilter {
  /** Names, positions from 1, or `:LINE`. */
  readonly cells: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly from: string | undefined;
  readonly until: string | undefined;
}

/** What a selection needs to know of a cell. */
export interface Candidate {
  readonly index: number;
  readonly name: string;
  readonly tags: readonly string[];
  /** Lines of its first and last fence. */
  readonly lines: readonly [number, number];
  /** Whether it is part of Run All. */
  readonly whole: boolean;
}

/** Turns cells as a person names them into the selection of a run. */
export async function chooseCells(request: RunRequest, filter: CellFilter): Promise<RunRequest['selection']> {
  const lists = [filter.cells, filter.tags, filter.skipTags];
  if (lists.every(list => list.length === 0) && filter.from === undefined && filter.until === undefined) {
    return { kind: 'all' };
  }
  const { candidatesOf } = await import('./candidates');
  const indexes = filterCells(candidatesOf(request), filter);
  if (indexes.length === 0) {
    const file = sayPath(request.file, request.environment.cwd);
    throw new UsageError(`no cell is left to run. What there is: handrail list ${file}`);
  }
  return { kind: 'cells', indexes };
}

/** The indexes of the cells that the filter leaves, in the order of the file. */
export function filterCells(candidates: readonly Candidate[], filter: CellFilter): number[] {
  checkTags(candidates, filter.tags);
  const named = new Set(filter.cells.map(cell => findCell(candidates, cell).index));
  const from = filter.from === undefined ? -Infinity : findCell(candidates, filter.from).index;
  const until = filter.until === undefined ? Infinity : findCell(candidates, filter.until).index;
  return candidates
    .filter(({ index, whole }) => (named.size > 0 ? named.has(index) : whole))
    .filter(({ index }) => from <= index && index <= until)
    .filter(({ tags }) => filter.tags.length === 0 || filter.tags.some(tag => tags.includes(tag)))
    .filter(({ tags }) => !filter.skipTags.some(tag => tags.includes(tag)))
    .map(({ index }) => index);
}

function findCell(candidates: readonly Candidate[], cell: string): Candidate {
  const found =
    candidates.find(({ name }) => name === cell) ??
    (/^\d+$/.test(cell) ? candidates[Number(cell) - 1] : undefined) ??
    (/^:\d+$/.test(cell) ? atLine(candidates, Number(cell.slice(1))) : undefined);
  if (found !== undefined) return found;
  throw /^:\d+$/.test(cell) ? noCellAt(candidates, Number(cell.slice(1))) : noSuchCell(candidates, cell);
}

function checkTags(candidates: readonly Candidate[], tags: readonly string[]): void {
  const known = new Set(candidates.flatMap(candidate => candidate.tags));
  const unknown = tags.find(tag => !known.has(tag));
  if (unknown === undefined) return;
  const list = known.size === 0 ? 'none at all' : sayNames([...known]);
  throw new UsageError(`no cell has the tag ${unknown}. There is: ${list}`);
}

function noCellAt(candidates: readonly Candidate[], line: number): UsageError {
  const next = candidates.find(({ lines: [first] }) => first > line);
  const last = candidates.at(-1);
  const near = next === undefined ? last && `the last is at` : 'the next is at';
  const place = (next ?? last)?.lines[0];
  return new UsageError(
    `there is no cell at line ${line}${near === undefined ? '' : `; ${near} line ${place}`}`,
  );
}

export function noSuchCell(candidates: readonly Candidate[], cell: string): UsageError {
  const names = candidates.map(({ name }) => name);
  const list = sayNames(names);
  return new UsageError(`there is no cell ${cell}. There is: ${list === '' ? 'none at all' : list}`);
}

function sayNames(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(', ')} …` : names.join(', ');
}

function atLine(candidates: readonly Candidate[], line: number): Candidate | undefined {
  return candidates.find(({ lines: [first, last] }) => first <= line && line <= last);
}
