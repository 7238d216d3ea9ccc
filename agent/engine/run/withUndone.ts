import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { RunStore } from '../../store/types';

/** Runs of the runbook among which those that undo another are looked for. */
const recentRuns = 200;

/** The run, with what later runs have undone of it, of those that it went on from and those that went on from it. */
export function withUndone(run: RunRecord, store: RunStore): RunRecord {
  const recent = store.list({ file: run.file, limit: recentRuns }).runs;
  const later = recent
    .slice(
      0,
      Math.max(
        0,
        recent.findIndex(({ id }) => id === run.id),
      ),
    )
    .toReversed();
  const own = new Set([run.id, ...wentOnFrom(run, store)]);
  const undoing = new Set<string>();
  for (const { id, continues } of later) {
    if (continues === undefined || !own.has(continues.run)) continue;
    if (continues.how !== 'rollback') own.add(id);
    else
      for (const step of store.find(id)?.steps ?? []) if (step.state === 'passed') undoing.add(nameOf(step));
  }
  const steps = run.steps.map(step =>
    step.undoes !== undefined && undoing.has(nameOf(step)) ? { ...step, state: 'passed' as const } : step,
  );
  return { ...run, steps };
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
