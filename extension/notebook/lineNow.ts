import type * as vscode from 'vscode';
import type { StepRecord } from '../../agent/protocol/runs';
import { matchSteps } from '../../agent/runbook/matchSteps';
import { notebookText } from './notebookText';

/** Where a line that a step was recorded with stands now: it moves with its cell. */
export function lineNow(notebook: vscode.NotebookDocument, step: StepRecord, line: number): number {
  const { runbook } = notebookText(notebook);
  const [match] = matchSteps([step.key], runbook);
  const cell = match && runbook.cells[match[0]];
  return cell === undefined ? line : cell.line + line - step.line;
}
