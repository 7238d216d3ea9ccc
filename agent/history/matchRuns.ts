import type { RunRecord, StepRecord } from '../protocol/runs';
import { matchSteps } from '../runbook/matchSteps';

/** A step of one run and the one of the other that is the same cell's; one of both is there. */
export interface StepPair {
  readonly left?: StepRecord;
  readonly right?: StepRecord;
}

/** Pairs the steps of two runs, in the order of the right one; what only the left has stands where it stood. */
export function matchRuns(left: RunRecord, right: RunRecord): StepPair[] {
  const partners = partnersOf(left, right);
  const taken = new Set(partners.values());
  const alone = left.steps.filter(step => !taken.has(step));
  const pairs = right.steps.flatMap((step): StepPair[] => {
    const partner = partners.get(step);
    if (partner === undefined) return [{ right: step }];
    const before = alone.filter(({ index }) => index < partner.index);
    alone.splice(0, before.length);
    return [...before.map(gone => ({ left: gone })), { left: partner, right: step }];
  });
  return [...pairs, ...alone.map(gone => ({ left: gone }))];
}

/** The left step of each right one that has one. Cells of another file, or to roll back, are matched among their own. */
function partnersOf(left: RunRecord, right: RunRecord): Map<StepRecord, StepRecord> {
  const partners = new Map<StepRecord, StepRecord>();
  for (const kind of new Set(right.steps.map(kindOf))) {
    const others = left.steps.filter(step => kindOf(step) === kind);
    const steps = right.steps.filter(step => kindOf(step) === kind);
    const found = matchSteps(keysOf(others), keysOf(steps));
    for (const [index, { position }] of found) {
      const [step, partner] = [steps[index], others[position]];
      if (step && partner) partners.set(step, partner);
    }
  }
  return partners;
}

function kindOf({ file, undoes }: StepRecord): string {
  return `${undoes === undefined ? 'step' : 'rollback'} ${file ?? ''}`;
}

function keysOf(steps: readonly StepRecord[]): StepRecord['key'][] {
  return steps.map(({ key }) => key);
}
