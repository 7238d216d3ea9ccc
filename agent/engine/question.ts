import type { IdentityFact } from '../protocol/plan';
import type { PlannedStep } from './types';

/** What is asked before a step runs: in the author's words, with where and as whom it will act. */
export function questionOf(
  { cell, options }: Pick<PlannedStep, 'cell' | 'options'>,
  identity: readonly IdentityFact[],
): string {
  const { confirm, target } = options;
  const asked = typeof confirm === 'string' ? confirm : `Run ${cell.name}?`;
  const places = [
    ...(target === 'local' ? [] : [target]),
    ...identity.filter(isPlace).map(({ label }) => label),
  ];
  const unsaid = places.filter(place => !asked.includes(place));
  return unsaid.length === 0 ? asked : `${asked.replace(/\?\s*$/, '')} in ${unsaid.join(', ')}?`;
}

/** A commit says nothing about where a cell acts. */
function isPlace({ held }: IdentityFact): boolean {
  return held;
}
