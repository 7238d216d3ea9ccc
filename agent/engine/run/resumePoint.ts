import type { StepRecord } from '../../protocol/runs';
import { fulfils } from '../step/stepEnd';

/** The index whose saved state holds what all steps have done up to now, where the step `passed` passes as well. */
export function stateAfter(steps: readonly StepRecord[], passed?: number): number {
  return 1 + Math.max(passed ?? -1, lastPassed(steps));
}

/**
 * The indexes whose saved states a run may be gone on with from its step `first`, best first. What passed after that
 * one (beside it, or with keep-going) is not run again, so its state must be in it; what was skipped before has
 * changed nothing, and saved nothing.
 */
export function resumePoints(steps: readonly StepRecord[], first: number): number[] {
  const best = Math.max(first, stateAfter(steps));
  const points = [best];
  for (let at = best; at > 0 && steps[at - 1]?.state === 'skipped'; at--) points.push(at - 1);
  return points;
}

/** Whether what a step did has been undone in its run. */
export function isUndone({ index }: StepRecord, steps: readonly StepRecord[]): boolean {
  return steps.some(step => step.undoes === index && fulfils(step));
}

function lastPassed(steps: readonly StepRecord[]): number {
  return steps.findLastIndex(
    step => step.undoes === undefined && step.state === 'passed' && !isUndone(step, steps),
  );
}
