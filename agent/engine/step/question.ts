import type { IdentityFact } from '../../protocol/plan';
import { identityKinds } from '../../identity/identityKinds';
import { contextKind } from '../../identity/readIdentity';
import { podReadings } from '../../runbook/podTarget';
import { commandsHere } from '../plan/draft';
import type { PlannedStep } from '../types';

/** What is asked before a step runs: in the author's words, with where and as whom it will act, with which effect, and by which rule. */
export function questionOf(
  { cell, options, askedBy }: Pick<PlannedStep, 'cell' | 'options' | 'askedBy'>,
  identity: readonly IdentityFact[],
): string {
  const { confirm, target, effect } = options;
  const asked = typeof confirm === 'string' ? confirm : `Run ${cell.name}?`;
  const kinds = identityKinds(commandsHere({ cell, options }));
  const ofPod = contextsOf(target);
  const own = identity.filter(
    fact => (isPlace(fact) && kinds.includes(fact.kind)) || ofPod.includes(fact.kind),
  );
  // Who has named the context has said where.
  const unnamed = own.filter(({ values: { context } }) => context === undefined || !asked.includes(context));
  const places = [...(target === 'local' ? [] : [target]), ...unnamed.map(({ label }) => label)];
  const unsaid = places.filter(place => !asked.includes(place));
  const question = unsaid.length === 0 ? asked : `${asked.replace(/\?\s*$/, '')} in ${unsaid.join(', ')}?`;
  const facts = [...(target === 'local' ? ['local'] : []), `effect=${effect}`];
  return `${question} (${facts.join(', ')}${askedBy === undefined ? '' : `; ${askedBy}`})`;
}

/** The kind of identity that a pod's context is of: the one in use where the target names none. */
function contextsOf(target: string): string[] {
  return podReadings(target).map(({ on }) => (on === undefined ? 'kube' : contextKind(on)));
}

/** A commit says nothing about where a cell acts. */
function isPlace({ held }: IdentityFact): boolean {
  return held;
}
