import type { StepRecord } from '../../agent/protocol/runs';
import { hasEnded } from './stepWords';

/** A cell whose step has changed. */
export interface Moved<Cell> {
  readonly cell: Cell;
  readonly before: StepRecord;
  readonly step: StepRecord;
}

/**
 * Of the cells whose steps changed at once the one to look at: what failed, else what asks or runs now, else how far
 * it got meanwhile; undefined where nothing began.
 */
export function cellToFollow<Cell>(moved: readonly Moved<Cell>[]): Cell | undefined {
  const inOrder = [...moved].sort((a, b) => a.step.index - b.step.index);
  const failed = inOrder.find(({ before, step }) => step.state === 'failed' && !hasEnded(before.state));
  const goes = inOrder.find(({ before, step }) => needsEyes(step) && !needsEyes(before));
  const began = inOrder.findLast(({ before, step }) => before.state === 'pending' && hasRun(step));
  return (failed ?? goes ?? began)?.cell;
}

/** Cells of a notebook as an editor shows them: from, and up to but without. */
interface Shown {
  readonly start: number;
  readonly end: number;
}

/** An editor needs a moment to tell what it shows after it was told to. Milliseconds. */
const settleMs = 700;

/**
 * Whether whoever looks at a notebook still follows its run: the cell shown to them last is in view. Else they have
 * scrolled away.
 */
export function stillFollows(
  shown: readonly Shown[],
  last: { readonly index: number; readonly at: number } | undefined,
  now: number,
): boolean {
  if (last === undefined || now - last.at < settleMs) return true;
  return shown.some(({ start, end }) => start <= last.index && last.index < end);
}

function needsEyes({ state, asks }: StepRecord): boolean {
  return state === 'running' || asks !== undefined;
}

function hasRun({ state, startedAt }: StepRecord): boolean {
  return hasEnded(state) && startedAt !== undefined;
}
