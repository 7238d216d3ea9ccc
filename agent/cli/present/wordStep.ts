import type { StepRecord } from '../../protocol/runs';
import type { Paint } from '../terminal/paint';
import { sayTook } from '../../protocol/sayTook';
import { sayReason } from '../../protocol/words';
import { plain } from '../terminal/words';

/** How an ended step reads: `✗ restart  0.4 s  exit 7`, without the place in the file. */
export function wordStep(step: StepRecord, paint: Paint): string {
  const [mark, color] = signOf(step, paint);
  const name = plain(step.name);
  const parts = [`${paint.color(color, mark)} ${color === 'red' ? paint.color('red', name) : name}`];
  const took = step.state === 'skipped' ? undefined : sayTook(step);
  if (took !== undefined) parts.push(paint.color('dim', took));
  const why = sayReason(step);
  if (why !== '') parts.push(why);
  return parts.join('  ');
}

/** Whether the step has come to its end. */
export function hasEnded(step: StepRecord): boolean {
  return step.state !== 'pending' && step.state !== 'running';
}

/** The sign in front of a step, and its colour. */
export function signOf(
  step: Pick<StepRecord, 'state'>,
  { marks }: Paint,
): [string, 'green' | 'red' | 'yellow' | 'dim'] {
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
