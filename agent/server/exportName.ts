import type { RunRecord, StepRecord } from '../protocol/runs';
import { runbookName } from '../runbook/runbookName';

/**
 * What a step's exported output is called, without its ending: `long (restart-api 21.29.05)`. The seconds keep two runs
 * apart that were started in the same minute.
 */
export function exportName(step: StepRecord, run: RunRecord): string {
  const clock = new Date(step.startedAt ?? run.startedAt).toTimeString().slice(0, 8).replaceAll(':', '.');
  return `${fit(step.name, 40)} (${fit(runbookName(run.file), 30)} ${clock})`;
}

/** Without what some file system refuses (https://learn.microsoft.com/windows/win32/fileio/naming-a-file). */
function fit(text: string, length: number): string {
  const allowed = text.replace(/[\p{Cc}\p{Cs}<>:"/\\|?*]+/gu, '-').trim();
  return [...allowed].slice(0, length).join('');
}
