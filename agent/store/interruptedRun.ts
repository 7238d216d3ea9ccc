import type { RunRecord, StepRecord } from '../protocol/runs';
import type { endOfOutput } from './output/endOfOutput';

type Printed = ReturnType<typeof endOfOutput>;

/**
 * A run as it is once its process is gone, and which of its steps that changes.
 *
 * @param printed what is on disk of a step's output, which may be more than the last state that was recorded
 */
export function interruptedRun(
  run: RunRecord,
  printed: (step: number) => Printed,
): { ended: RunRecord; changed: StepRecord[] } {
  const changed = run.steps.flatMap(step => interrupted(step, printed));
  const steps = run.steps.map(step => changed.find(({ index }) => index === step.index) ?? step);
  const endedAt = lastSign(run, changed);
  return { ended: { ...run, state: 'interrupted', seq: run.seq + 1, endedAt, steps }, changed };
}

function interrupted(
  { asks, typed: _, ...step }: StepRecord,
  printed: (step: number) => Printed,
): StepRecord[] {
  // What ran in the background ended with the process, whatever became of the step.
  const background = step.background === 'running' ? ({ background: 'ended' } as const) : undefined;
  if (step.state === 'running') return [{ ...step, ...stopped(step, printed(step.index)), ...background }];
  if (step.state === 'pending') return [{ ...step, state: 'not-run', message: 'the run was interrupted' }];
  return background || asks !== undefined ? [{ ...step, ...background }] : [];
}

/** When it ended nobody saw: it lived at the latest sign that it left, not until somebody looked. */
function stopped(step: StepRecord, { seq, bytes, time = 0 }: Printed): Partial<StepRecord> {
  const endedAt = Math.max(time, step.startedAt ?? 0);
  const end = endedAt > 0 ? { endedAt } : {};
  return { outputSeq: seq, outputBytes: bytes, ...end, state: 'interrupted', reason: 'interrupted' };
}

function lastSign(run: RunRecord, changed: readonly StepRecord[]): number {
  const signs = [...run.steps, ...changed].flatMap(({ startedAt = 0, endedAt = 0 }) => [startedAt, endedAt]);
  return Math.max(run.startedAt, ...signs);
}
