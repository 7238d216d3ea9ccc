import { languageOf } from './languages';
import type { Cell, Runbook } from './model';

/** The cells that a run of the whole file may take; those marked as left out are still among them. */
export function wholeFile({ cells, frontMatter }: Runbook, file: string): Cell[] {
  // Whoever wrote a page without thinking of Handrail did not mean its Python samples to run one after another.
  const meant = file.endsWith('.runbook.md') || frontMatter?.handrail === true;
  return meant ? [...cells] : cells.filter(isShell);
}

function isShell({ language }: Cell): boolean {
  return languageOf(language)?.kind === 'shell';
}
