import { languageOf } from './languages';
import type { Cell, Runbook } from './model';

/** The cells that a run of the whole file may take; those marked as left out are still among them. */
export function wholeFile(runbook: Runbook, file: string): Cell[] {
  return isMeant(runbook, file) ? [...runbook.cells] : runbook.cells.filter(isShell);
}

/** The cells that a run of the whole file does not take, each with the reason in words for who asked for it. */
export function leftOut(runbook: Runbook, file: string): { cell: Cell; why: string }[] {
  if (isMeant(runbook, file)) return [];
  return runbook.cells.filter(cell => !isShell(cell)).map(cell => ({ cell, why: notMeant }));
}

const notMeant =
  'not part of a whole run: this file was not written for Handrail; run it by itself, or name the file *.runbook.md';

/** Whoever wrote a page without thinking of Handrail did not mean its Python samples to run one after another. */
function isMeant({ frontMatter }: Runbook, file: string): boolean {
  return file.endsWith('.runbook.md') || frontMatter?.handrail === true;
}

function isShell({ language }: Cell): boolean {
  return languageOf(language)?.kind === 'shell';
}
