import { shownLines } from './cellOrigin';
import type { LanguageTable } from './languages';
import { equalLineEnds } from './lines';
import { metadataOf } from './cellOrigin';
import { WriteRefused, type NotebookCell } from './notebookCell';
import { infoOf } from './renderCode';
import { runnableLanguage } from './runnable';
import { splitSource } from './splitSource';
import type { PlacedCell } from './placeCells';

/** Why what was written does not read as the notebook. */
export interface Mismatch {
  /** Position in the notebook of the cell that is not found again. */
  readonly cell: number;
  readonly reason: string;
}

/** Reads what was written and compares its cells with the notebook's. */
export function findMismatch(written: string, placed: readonly PlacedCell[]): Mismatch | undefined {
  const { cells, table } = splitSource(written);
  const wanted = wantedCells(placed, table);
  const found = partsOf(cells.map(cell => ({ cell, index: 0, loose: false })));
  const length = Math.max(wanted.length, found.length);
  for (let at = 0; at < length; at++) {
    const [want, got] = [wanted[at], found[at]];
    if (want && got && same(want, got)) continue;
    // Text that has grown has most often swallowed the cell after it: that is what has to be put right.
    const next = want?.code === undefined ? wanted[at + 1] : undefined;
    const cell = (next ?? want ?? wanted.at(-1))?.index ?? 0;
    return { cell, reason: reasonFor(cell, placed) };
  }
  return undefined;
}

/** Throws the refusal that a mismatch deserves. */
export function refuse({ cell, reason }: Mismatch): never {
  throw new WriteRefused(reason, cell);
}

interface Part {
  readonly index: number;
  readonly code?: string;
  /** All of the text between two code cells, blanks and container marks left out. */
  readonly text?: string;
  /** The text has parts that are written as fences and cannot be compared. */
  readonly loose?: boolean;
}

interface Item {
  readonly cell: NotebookCell;
  readonly index: number;
  readonly loose: boolean;
}

/** The notebook's cells as reading would give them: cells that cannot run are text, fences in text are cells. */
function wantedCells(placed: readonly PlacedCell[], table: LanguageTable): Part[] {
  return partsOf(
    placed.flatMap(({ cell, index, style, info }): Item[] => {
      if (cell.kind === 'markup') return expanded(cell).map(one => ({ cell: one, index, loose: false }));
      if (style?.role === 'front-matter') return [{ cell, index, loose: false }];
      const written = infoOf({ cell, style, info }, undefined, table);
      const runs = runnableLanguage(written, table, () => equalLineEnds(cell.text).split('\n'));
      return [{ cell: runs ? cell : { ...cell, kind: 'markup' }, index, loose: !runs }];
    }),
  );
}

/** A text cell may hold fences that a person typed into it; read again they are cells. */
function expanded(cell: NotebookCell): readonly NotebookCell[] {
  const { origin } = metadataOf(cell);
  if (!/```|~~~/.test(cell.text)) return [cell];
  if (origin && shownLines(origin).join('\n') === equalLineEnds(cell.text)) return [cell];
  const inner = splitSource(equalLineEnds(cell.text)).cells;
  return inner.map(({ metadata: _, ...one }) => one);
}

function partsOf(items: readonly Item[]): Part[] {
  const parts: Part[] = [];
  for (const { cell, index, loose } of items) {
    const last = parts.at(-1);
    if (cell.kind === 'code') parts.push({ index, code: equalLineEnds(cell.text) });
    else if (last?.text === undefined) parts.push({ index, text: squeezed(cell.text), loose });
    else
      parts[parts.length - 1] = {
        ...last,
        text: last.text + squeezed(cell.text),
        loose: loose || last.loose === true,
      };
  }
  return parts.filter(part => part.text !== '' || part.loose === true);
}

function same(want: Part, got: Part): boolean {
  if (want.code !== undefined) return want.code === got.code;
  return got.text !== undefined && (want.loose === true || want.text === got.text);
}

function squeezed(text: string): string {
  return text.replace(/[\s>]/g, '');
}

function reasonFor(cell: number, placed: readonly PlacedCell[]): string {
  const before = placed.filter(({ index, cell: { kind } }) => index < cell && kind === 'markup').at(-1);
  const number = cell + 1;
  if (before && swallows(before.cell.text)) {
    return `The text cell ${before.index + 1} opens a code fence, a comment or HTML that it does not close: cell ${number} would become part of it. Close it, then save again.`;
  }
  return `Cell ${number} cannot be written here so that reading the file gives it again. Move it, or change the text before it, then save again.`;
}

/** Whether a fence after the text would not be found. */
function swallows(text: string): boolean {
  const cells = splitSource(`${equalLineEnds(text)}\n\n\`\`\`sh\nprobe\n\`\`\`\n`).cells;
  const last = cells.at(-1);
  return last?.kind !== 'code' || last.text !== 'probe';
}
