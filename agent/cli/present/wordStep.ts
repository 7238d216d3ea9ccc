import type { StepRecord } from '../../protocol/runs';
import type { Paint } from '../terminal/paint';
import { plain, sayDuration } from '../terminal/words';

/** How an ended step reads: `✗ restart  0.4 s  exit 7`, without the place in the file. */
export function wordStep(step: StepRecord, paint: Paint): string {
  const [mark, color] = signOf(step, paint);
  const name = plain(step.name);
  const parts = [`${paint.color(color, mark)} ${color === 'red' ? paint.color('red', name) : name}`];
  if (step.startedAt !== undefined && step.endedAt !== undefined && step.state !== 'skipped') {
    parts.push(paint.color('dim', sayDuration(step.endedAt - step.startedAt)));
  }
  const why = wordReason(step);
  if (why !== '') parts.push(why);
  return parts.join('  ');
}

/** Why a step ended as it did, in words; empty where its mark says it all. */
export function wordReason(step: StepRecord): string {
  if (step.state === 'passed') return step.exit === undefined || step.exit === 0 ? '' : `exit ${step.exit}`;
  if (step.state === 'not-run') return 'not run';
  switch (step.reason) {
    case 'exit':
      return `exit ${step.exit ?? 'unknown'}`;
    case 'signal':
      return `ended by ${step.signal ?? 'a signal'}`;
    case 'timeout':
      return 'timed out';
    case 'cancel':
      return 'cancelled';
    case 'interrupted':
      return 'interrupted';
    case 'error':
      return 'could not run';
    case 'satisfied':
      return 'skipped (satisfied)';
    case 'guard':
      return 'skipped';
    case undefined:
      return step.state;
  }
}

/** Whether the step has come to its end. */
export function hasEnded(step: StepRecord): boolean {
  return step.state !== 'pending' && step.state !== 'running';
}

function signOf(step: StepRecord, { marks }: Paint): [string, 'green' | 'red' | 'yellow' | 'dim'] {
  switch (step.state) {
    case 'passed':
      return [marks.passed, 'green'];
    case 'failed':
    case 'interrupted':
      return [marks.failed, 'red'];
    case 'cancelled':
      return [marks.failed, 'yellow'];
    case 'skipped':
    case 'not-run':
      return [marks.skipped, 'dim'];
    case 'pending':
    case 'running':
      return [marks.running, 'dim'];
  }
}
