import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { RunStore } from '../../store/types';
import { fulfils } from '../step/stepEnd';

/** The run, with what later runs have undone of it, of those that it went on from and those that went on from it. */
export function withUndone(run: RunRecord, store: RunStore): RunRecord {
  const undoing = [...undoingOf(run, store)];
  if (undoing.length === 0) return run;
  const cells = run.steps.filter(({ undoes }) => undoes !== undefined);
  const names = new Set(cells.map(nameOf));
  const done = new Set(undoing.map(nameOf));
  // One that is called otherwise by now is known by its text.
  const renamed = new Set(undoing.filter(step => !names.has(nameOf(step))).map(({ key }) => key.hash));
  const isDone = (step: StepRecord): boolean => done.has(nameOf(step)) || renamed.has(step.key.hash);
  const steps = run.steps.map(step =>
    step.undoes !== undefined && isDone(step) ? { ...step, state: 'passed' as const } : step,
  );
  return { ...run, steps };
}

/** The steps that have undone something of it since. */
function* undoingOf(run: RunRecord, store: RunStore): Generator<StepRecord> {
  const own = [run.id, ...wentOnFrom(run, store)];
  const seen = new Set(own);
  for (let id = own.shift(); id !== undefined; id = own.shift()) {
    for (const { id: later, continues } of store.goneOn(id, run.id)) {
      if (seen.has(later)) continue;
      seen.add(later);
      if (continues?.how !== 'rollback') own.push(later);
      else yield* (store.find(later)?.steps ?? []).filter(fulfils);
    }
  }
}

/** The runs that a run went on from, whose steps it did not run again. */
function wentOnFrom({ continues }: RunRecord, store: RunStore): string[] {
  if (continues === undefined || continues.how === 'rollback') return [];
  const before = store.find(continues.run);
  return [continues.run, ...(before === undefined ? [] : wentOnFrom(before, store))];
}

function nameOf({ file = '', name }: StepRecord): string {
  return `${file}#${name}`;
}
