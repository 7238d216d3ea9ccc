import type * as vscode from 'vscode';
import { mayHaveActed } from '../../agent/protocol/mayHaveActed';
import type { StepRecord } from '../../agent/protocol/runs';
import { cellOptions } from '../../agent/runbook/cellOptions';
import type { StatusLabel } from './cellLabels';
import type { NotebookText } from './notebookText';

/** A cell's last step, by its run. */
export interface ShownStep {
  readonly run: string;
  readonly step: StepRecord;
}

/**
 * Names of the cells that the run which ended at this step has carried out, whose `rollback=` cell undoes them, and that
 * nothing has undone since; none where the step did not end its run.
 */
export function leftUndone(
  { run, step }: ShownStep,
  view: Pick<NotebookText, 'runbook' | 'cellAt'>,
  shownBy: (cell: vscode.NotebookCell) => ShownStep | undefined,
): string[] {
  if (step.state !== 'failed' && step.state !== 'cancelled' && step.state !== 'interrupted') return [];
  const byName = new Map(view.runbook.cells.map(cell => [cell.name, cell]));
  const lastOf = (index: number | undefined): ShownStep | undefined => {
    const cell = index === undefined ? undefined : view.cellAt(index);
    return cell && shownBy(cell);
  };
  return view.runbook.cells.flatMap(cell => {
    const { rollback } = cellOptions(cell, view.runbook.frontMatter).options;
    const undo = rollback === undefined ? undefined : byName.get(rollback);
    const done = undo && lastOf(cell.index);
    if (done?.run !== run || !mayHaveActed(done.step)) return [];
    const undone = lastOf(undo?.index)?.step;
    const isUndone = undone?.state === 'passed' && (undone.startedAt ?? 0) >= (done.step.endedAt ?? 0);
    return isUndone ? [] : [cell.name];
  });
}

/** The way to undo them. */
export function undoLabel(names: readonly string[]): StatusLabel | undefined {
  if (names.length === 0) return undefined;
  return {
    icon: 'discard',
    text: names.length === 1 ? `Roll back ${names[0] ?? ''}` : `Roll back ${String(names.length)} cells`,
    tooltip: `Run the cells that undo what this run has done: ${names.join(', ')}`,
  };
}
