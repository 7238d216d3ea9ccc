import { cellKeys, type CellKey } from '../../../agent/runbook/cellKey';
import type { Cell, Runbook } from '../../../agent/runbook/model';

/** What the Runbooks view keeps of a file: enough to show, find and run its cells. */
export interface Outline {
  readonly title: string | undefined;
  readonly sections: readonly OutlineSection[];
  readonly keys: readonly CellKey[];
}

/** Cells directly below one heading; without a title: those above the first heading. */
export interface OutlineSection {
  readonly title: string | undefined;
  /** Titles of the headings around it, outermost first. */
  readonly around: readonly string[];
  readonly line: number;
  readonly cells: readonly OutlineCell[];
}

export interface OutlineCell {
  readonly index: number;
  readonly key: CellKey;
  readonly name: string;
  readonly language: string;
  readonly line: number;
  /** The first command, as a description. */
  readonly command: string;
  readonly text: string;
}

/** The outline of a runbook; undefined for Markdown without a cell, which is no runbook. */
export function outlineOf(runbook: Runbook): Outline | undefined {
  if (runbook.cells.length === 0) return undefined;
  const sections: (OutlineSection & { cells: OutlineCell[] })[] = [];
  const keys = cellKeys(runbook);
  let last: string | undefined;
  for (const [i, cell] of runbook.cells.entries()) {
    const path = JSON.stringify(cell.section);
    if (path !== last) sections.push({ ...sectionOf(cell, runbook), cells: [] });
    last = path;
    sections.at(-1)?.cells.push(outlineCell(cell, keys[i]!));
  }
  return { title: runbook.title, sections, keys };
}

/** A section as far as it matches: by its own title or that of one around it all of it, else its cells that match. */
export function filterOutline(outline: Outline, file: string, filter: string): Outline | undefined {
  const wanted = filter.toLowerCase();
  const has = (text: string | undefined) => text?.toLowerCase().includes(wanted) === true;
  if (wanted === '' || has(file) || has(outline.title)) return outline;
  const sections = outline.sections.flatMap(section => {
    if (has(section.title) || section.around.some(has)) return [section];
    const cells = section.cells.filter(cell => has(cell.name) || has(cell.text) || has(cell.language));
    return cells.length === 0 ? [] : [{ ...section, cells }];
  });
  return sections.length === 0 ? undefined : { ...outline, sections };
}

function sectionOf(cell: Cell, runbook: Runbook): Omit<OutlineSection, 'cells'> {
  const heading = runbook.sections.findLast(section => section.span.start <= cell.span.start);
  return { title: cell.section.at(-1), around: cell.section.slice(0, -1), line: heading?.line ?? cell.line };
}

function outlineCell({ index, name, language, line, text }: Cell, key: CellKey): OutlineCell {
  return { index, key, name, language, line, command: firstCommand(text), text };
}

function firstCommand(text: string): string {
  const lines = text.split('\n').map(line => line.trim());
  return (
    lines.find(line => line !== '' && !/^(#|\/\/|--)/.test(line)) ?? lines.find(line => line !== '') ?? ''
  );
}
