import { dirname, relative, resolve } from 'node:path';
import type { PlannedStep } from '../types';

/** A step, as far as approvals go. */
interface Named {
  readonly cell: Pick<PlannedStep['cell'], 'name'>;
  readonly from: Pick<PlannedStep['from'], 'file'>;
  readonly typed?: string;
  readonly onlyByName?: true;
}

/** Approves every step that asks, but none in production or where a run goes on elsewhere: there each is approved by its name. */
export const approvesAll = '*';

/** What an approval of a step is called: its name; of another runbook's cell `../out/q.runbook.md#drop`. */
export function approvalName({ cell, from }: Pick<Named, 'cell' | 'from'>, file: string): string {
  return from.file === file ? cell.name : `${relative(dirname(file), from.file)}#${cell.name}`;
}

/** Whether one of the approvals is for this very step: one of a cell that is only called the same is not. */
export function isApproved(approved: readonly string[], step: Named, file: string): boolean {
  const { cell, from, typed, onlyByName } = step;
  if (typed === undefined && onlyByName === undefined && approved.includes(approvesAll)) return true;
  if (from.file === file && approved.includes(cell.name)) return true;
  const end = `#${cell.name}`;
  return approved.some(
    name => name.endsWith(end) && resolve(dirname(file), name.slice(0, -end.length)) === from.file,
  );
}
