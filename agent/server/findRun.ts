import type { ActiveRun } from '../engine/types';
import { HandrailError } from '../protocol/errors';
import type { RunRecord, StepRecord } from '../protocol/runs';
import type { Engine } from './agent';

/**
 * A run by id, unique prefix or `last`; of one under way its latest state.
 *
 * @throws HandrailError `notFound`
 */
export function findRun({ runs, store }: Engine, idOrPrefix: string): RunRecord {
  const active = runs.active(idOrPrefix);
  if (active !== undefined) return active.record;
  const found = store.find(idOrPrefix);
  if (found === undefined) throw new HandrailError('notFound', 'There is no such run', { run: idOrPrefix });
  return runs.active(found.id)?.record ?? found;
}

/** @throws HandrailError `notFound` where the run has no step of that index. */
export function findStep(run: RunRecord, index: number): StepRecord {
  const step = run.steps[index];
  if (step !== undefined) return step;
  throw new HandrailError('notFound', 'The run has no such step', { run: run.id, step: index });
}

/** @throws HandrailError `invalidState` where the run has ended or another process executes it. */
export function findActive(engine: Engine, idOrPrefix: string): ActiveRun {
  const run = findRun(engine, idOrPrefix);
  const active = engine.runs.active(run.id);
  if (active?.record.state === 'running') return active;
  const elsewhere = run.state === 'running';
  throw new HandrailError(
    'invalidState',
    elsewhere ? 'The run goes on in another process' : 'The run has ended',
    { run: run.id, state: run.state, elsewhere },
  );
}

/** @throws HandrailError `invalidState` where the step is not running here. */
export function findRunning(engine: Engine, run: string, index: number): ActiveRun {
  const active = findActive(engine, run);
  const step = findStep(active.record, index);
  if (step.state === 'running') return active;
  throw new HandrailError('invalidState', 'The step is not running', {
    run: active.record.id,
    step: index,
    state: step.state,
  });
}
