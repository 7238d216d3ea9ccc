import type { StepRecord, StepState } from '../../agent/protocol/runs';
import { sayReason } from '../../agent/protocol/words';
import { isDeclined } from './declined';

/** Whether nothing more happens to a step in this state. */
export function hasEnded(state: StepState): boolean {
  return state !== 'pending' && state !== 'running';
}

/** The mark that stands for a state, as in the terminal. */
export function stepMark(state: StepState): string {
  switch (state) {
    case 'passed':
      return '✓';
    case 'failed':
      return '✗';
    case 'running':
      return '●';
    case 'pending':
    case 'skipped':
    case 'not-run':
      return '○';
    case 'cancelled':
    case 'interrupted':
      return '■';
  }
}

/**
 * How a step went, in a few words: `exit 7`, `timed out`, `not run`; what it waits for, and why it could not run.
 * Empty where the mark says it all.
 */
export function outcome(step: StepRecord): string {
  if (step.state === 'running') return '';
  if (step.state === 'pending') return step.message ?? '';
  const says = step.reason === 'error' || step.reason === 'lost' || isDeclined(step);
  return says && step.message !== undefined ? step.message : sayReason(step);
}
