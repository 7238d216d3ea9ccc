import type { IdentityFact } from '../protocol/plan';

/** An identity that is no longer what the run was planned with. */
export interface IdentityChange {
  readonly kind: string;
  /** For a person: `prod-eu as ana`; what differs is added where the labels are the same. */
  readonly before: string;
  readonly now: string;
}

/**
 * The first identity that was to be held and has changed. One that was not there before is no change: nobody has
 * seen another one in the plan. Nor is one of another folder: it is another thing.
 */
export function changedIdentity(
  before: readonly IdentityFact[],
  now: readonly IdentityFact[],
): IdentityChange | undefined {
  for (const fact of before.filter(({ held }) => held)) {
    const found = now.find(({ kind }) => kind === fact.kind);
    if (found && found.values['folder'] !== fact.values['folder']) continue;
    // A folder without its workspace is one that the session has left.
    if (!found && fact.values['folder'] !== undefined) continue;
    const names = Object.keys({ ...fact.values, ...found?.values });
    const name = names.find(key => fact.values[key] !== found?.values[key]);
    if (name === undefined && found) continue;
    return { kind: fact.kind, ...worded(fact, found, name) };
  }
  return undefined;
}

function worded(
  before: IdentityFact,
  now: IdentityFact | undefined,
  name: string | undefined,
): { before: string; now: string } {
  if (now === undefined) return { before: before.label, now: 'none' };
  if (before.label !== now.label || name === undefined) return { before: before.label, now: now.label };
  const say = ({ label, values }: IdentityFact): string => `${label}, ${name} ${values[name] ?? 'none'}`;
  return { before: say(before), now: say(now) };
}
