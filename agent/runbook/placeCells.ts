import { metadataOf, type CellOrigin, type Place } from './cellOrigin';
import type { NotebookCell } from './notebookCell';

/** A cell with where it is to stand in the file that is written. */
export interface PlacedCell {
  readonly cell: NotebookCell;
  /** Position in the notebook. */
  readonly index: number;
  /** What it was read from, if that was this file. */
  readonly origin: CellOrigin | undefined;
  /** What it was read from, whatever file that was: for its style. */
  readonly style: CellOrigin | undefined;
  readonly info: string | undefined;
  /** The containers its lines stand in. */
  readonly places: readonly Place[];
  /** They are those it was read in, so that its bytes can stay. */
  readonly samePlace: boolean;
  /** It follows the cell it followed in the file. */
  readonly follows: boolean;
}

/**
 * Finds out which cells are where they were. A cell that is new, moved or from elsewhere takes the containers of
 * the cell before it; the others keep theirs, as far as what opens them is still there. `atRoot` lists cells that
 * are to stand in none.
 */
export function placeCells(cells: readonly NotebookCell[], atRoot: ReadonlySet<number>): PlacedCell[] {
  const all = frontMatterFirst(cells);
  const file = mainFile(all);
  const origins = all.map(({ origin }) => (origin?.file === file ? origin : undefined));
  const staying = stayingCells(
    origins.map((origin, position) => (all[position]!.copied ? undefined : origin)),
  );
  let open: readonly Place[] = [];
  let before: CellOrigin | undefined;
  return all.map(({ cell, index, origin: style, info }, position) => {
    const origin = origins[position];
    const entry = origin?.entry ?? [];
    const wanted = staying.has(position) ? stillOpen(entry, open) : open;
    const places = atRoot.has(index) ? [] : wanted;
    const samePlace = origin !== undefined && samePrefixes(places, entry);
    const follows = position === 0 ? origin?.at === 0 : origin !== undefined && before?.at === origin.at - 1;
    open = origin ? exitOf(origin, cell, places, samePlace) : places;
    before = origin;
    return { cell, index, origin, style, info, places, samePlace, follows };
  });
}

interface Known {
  readonly cell: NotebookCell;
  readonly index: number;
  readonly origin?: CellOrigin;
  readonly info?: string;
  readonly copied?: true;
}

/** Front matter is what stands first in a file, wherever its cell was put. */
function frontMatterFirst(cells: readonly NotebookCell[]): Known[] {
  const all = cells.map((cell, index) => ({ cell, index, ...metadataOf(cell) }));
  const at = all.findIndex(({ origin }) => origin?.role === 'front-matter');
  return at > 0 ? [all[at]!, ...all.slice(0, at), ...all.slice(at + 1)] : all;
}

/** The file that most cells were read from. */
function mainFile(cells: readonly Known[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { origin } of cells) if (origin) counts.set(origin.file, (counts.get(origin.file) ?? 0) + 1);
  let main: string | undefined;
  for (const [file, count] of counts) if (main === undefined || count > counts.get(main)!) main = file;
  return main;
}

/** Positions of the longest row of cells whose order is that of the file: the fewest have then been moved. */
function stayingCells(origins: readonly (CellOrigin | undefined)[]): ReadonlySet<number> {
  const ends: number[] = [];
  const previous = new Map<number, number>();
  origins.forEach((origin, position) => {
    if (!origin) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (origins[ends[middle]!]!.at < origin.at) low = middle + 1;
      else high = middle;
    }
    // Of a cell and its copy it is the first that stayed.
    if (low < ends.length && origins[ends[low]!]!.at === origin.at) return;
    if (low > 0) previous.set(position, ends[low - 1]!);
    ends[low] = position;
  });
  const staying = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = previous.get(at)) staying.add(at);
  return staying;
}

function stillOpen(entry: readonly Place[], open: readonly Place[]): readonly Place[] {
  const closed = entry.findIndex(({ id }, depth) => open[depth]?.id !== id);
  return closed < 0 ? entry : entry.slice(0, closed);
}

function samePrefixes(a: readonly Place[], b: readonly Place[]): boolean {
  return a.length === b.length && a.every(({ prefix }, depth) => prefix === b[depth]!.prefix);
}

function exitOf(
  origin: CellOrigin,
  cell: NotebookCell,
  places: readonly Place[],
  samePlace: boolean,
): readonly Place[] {
  const exit = origin.exit ?? [];
  if (samePlace && sameIds(places, origin.entry ?? [])) return exit;
  if (cell.kind === 'code' && !samePlace) return places;
  const opened = exit.filter(({ id }) => !origin.entry?.some(place => place.id === id));
  return [...places, ...opened];
}

function sameIds(a: readonly Place[], b: readonly Place[]): boolean {
  return a.every(({ id }, depth) => id === b[depth]?.id);
}
