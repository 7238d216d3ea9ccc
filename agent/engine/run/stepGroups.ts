import type { PlannedStep } from '../types';

/**
 * Steps in the order of the plan, those together that run at the same time: neighbours of one `parallel` group that
 * do not need each other. One that needs a sibling comes after it.
 */
export function stepGroups(steps: readonly PlannedStep[]): PlannedStep[][] {
  const groups: PlannedStep[][] = [];
  for (let at = 0; at < steps.length;) {
    const name = steps[at]?.options.parallel;
    let end = at + 1;
    while (name !== undefined && steps[end]?.options.parallel === name) end++;
    groups.push(...levels(steps.slice(at, end)));
    at = end;
  }
  return groups;
}

function levels(members: readonly PlannedStep[]): PlannedStep[][] {
  const levelOf = new Map<number, number>();
  const found: PlannedStep[][] = [];
  for (const step of members) {
    const level = Math.max(0, ...step.needs.map(need => (levelOf.get(need) ?? -1) + 1));
    levelOf.set(step.index, level);
    (found[level] ??= []).push(step);
  }
  return found;
}
