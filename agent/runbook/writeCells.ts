import { renderCode } from './renderCode';
import { rawLines } from './cellOrigin';
import { renderText } from './renderText';
import type { PlacedCell } from './placeCells';
import type { LanguageTable } from './languages';

/** How the file is written where no cell says otherwise. */
export interface FileStyle {
  readonly eol: string;
  readonly table: LanguageTable;
}

/** The text of placed cells. */
export function writeCells(placed: readonly PlacedCell[], table: LanguageTable): string {
  const style = { eol: eolOf(placed), table };
  const parts: string[] = [];
  if (placed.some(({ origin }) => origin?.bom)) parts.push('\uFEFF');
  let before: PlacedCell | undefined;
  placed.forEach((cell, position) => {
    const next = placed[position + 1];
    const text =
      cell.cell.kind === 'code'
        ? renderCode(cell, next, nearestFence(placed, position), style)
        : renderText(cell, style);
    if (text === '' && cell.cell.text === '' && !cell.origin) return;
    const gap = gapBefore(cell, before, style);
    if (before && !endsLine(parts)) parts.push(style.eol);
    parts.push(gap, text);
    before = cell;
  });
  // However cells were moved, the file ends as it did.
  parts.push(placed.find(({ origin }) => origin?.after)?.origin?.after ?? '');
  return parts.join('');
}

function gapBefore(cell: PlacedCell, before: PlacedCell | undefined, { eol }: FileStyle): string {
  const gap = cell.origin?.before ?? '';
  if (cell.follows) return gap;
  if (!before) return '';
  if (cell.samePlace && /^[ \t>\r\n]*[\r\n]/.test(gap)) return gap;
  if (cell.samePlace && cell.origin && cell.origin.at > 0 && before.cell.kind === 'code') return '';
  return (
    cell.places
      .map(({ prefix }) => prefix)
      .join('')
      .trimEnd() + eol
  );
}

function endsLine(parts: readonly string[]): boolean {
  const last = parts.findLast(part => part !== '');
  return last === undefined || /[\r\n\uFEFF]$/.test(last);
}

/** The line end of the first line there is. */
function eolOf(placed: readonly PlacedCell[]): string {
  for (const { origin } of placed) {
    const line = origin && rawLines(origin.open + origin.body.slice(0, 4096))[0];
    const eol = line && /(\r\n?|\n)$/.exec(line)?.[0];
    if (eol) return eol;
  }
  return '\n';
}

/** The code cell nearest before, else after, whose fence and tag a new cell takes over. */
function nearestFence(placed: readonly PlacedCell[], position: number): PlacedCell | undefined {
  if (placed[position]!.style?.fence !== undefined) return undefined;
  for (let distance = 1; distance < placed.length; distance++) {
    for (const other of [placed[position - distance], placed[position + distance]]) {
      if (other?.cell.kind === 'code' && other.style?.fence !== undefined) return other;
    }
  }
  return undefined;
}
