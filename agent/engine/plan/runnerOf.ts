import { runnerLanguage } from '../../runbook/languages';
import type { DraftStep } from './draft';

/** The language of the program that will read the text: `bash` also for `interpreter="docker exec -i web bash"`. */
export function runnerOf(step: DraftStep): string {
  return languagesRun(step).at(-1) ?? programWords(step)[0] ?? step.cell.language;
}

/** The languages of all programs that a step's interpreter names. */
export function languagesRun(step: DraftStep): string[] {
  return programWords(step).flatMap(word => runnerLanguage(word) ?? []);
}

function programWords({ cell, options, book }: DraftStep): readonly string[] {
  const { shell } = book.runbook.frontMatter?.values ?? {};
  return options.interpreter ?? (cell.language === 'bash' && typeof shell === 'string' ? [shell] : []);
}
