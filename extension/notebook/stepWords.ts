import type { StepRecord, StepState } from '../../agent/protocol/runs';

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

/** How a step went, in a few words: `exit 7`, `timed out after 30 s`, `not run`. Empty where the mark says it all. */
export function outcome(step: Pick<StepRecord, 'state' | 'reason' | 'exit' | 'signal' | 'message'>): string {
  switch (step.state) {
    case 'passed':
      return '';
    case 'failed':
      return failure(step);
    case 'running':
      return '';
    case 'pending':
      return step.message ?? '';
    case 'skipped':
      return step.reason === 'satisfied' ? 'already done' : 'skipped';
    case 'cancelled':
      return 'cancelled';
    case 'interrupted':
      return 'interrupted';
    case 'not-run':
      return 'not run';
  }
}

function failure({
  reason,
  exit,
  signal,
  message,
}: Pick<StepRecord, 'reason' | 'exit' | 'signal' | 'message'>): string {
  if (reason === 'timeout') return 'timed out';
  if (reason === 'signal') return `ended by ${signal ?? 'a signal'}`;
  if (reason === 'error') return message ?? 'could not start';
  return exit === undefined ? 'failed' : `exit ${String(exit)}`;
}
