import type { CheckResult, CheckSpec } from './checkSpec';
import type { CheckStatus } from './checkStatus';

/** A check with how it stands; pass what is known of it. */
export interface Standing {
  readonly check: Pick<CheckSpec, 'name' | 'needs'>;
  /** Whether it is down, or seems to be and is looked at again. */
  readonly isDown: boolean;
}

/**
 * The check for which nobody is told of another one: that needs it, itself or by way of others, and it is down. Of
 * several the one that is the cause of the others. Undefined where there is none.
 */
export function heldBackBy(
  { needs }: Pick<CheckSpec, 'needs'>,
  standingOf: (name: string) => Standing | undefined,
  seen: ReadonlySet<string> = new Set(),
): string | undefined {
  for (const name of needs) {
    const needed = seen.has(name) ? undefined : standingOf(name);
    if (needed === undefined) continue;
    const cause = heldBackBy(needed.check, standingOf, new Set([...seen, name]));
    if (cause !== undefined) return cause;
    if (needed.isDown) return name;
  }
  return undefined;
}

/** Whether a check is down, or its last look was bad and it is not known yet whether that stays so. */
export function seemsDown({ state, failed, last }: CheckStatus): boolean {
  return state === 'down' || (failed > 0 && last?.state === 'down');
}

/** Whether nobody would be told of a check but for this: it is not well. */
export function isNotWell({ state, failed }: CheckStatus): boolean {
  return state === 'down' || state === 'unknown' || failed > 0;
}

/** The same for checks that were looked at once, by their place in the list. */
export function heldBackOnce(
  checked: readonly { readonly check: CheckSpec; readonly result: CheckResult }[],
): (string | undefined)[] {
  const byPlace = new Map(checked.map(each => [placeOf(each.check, each.check.name), each]));
  return checked.map(({ check, result }) => {
    if (result.state === 'up' || result.state === 'degraded') return undefined;
    return heldBackBy(check, name => {
      const found = byPlace.get(placeOf(check, name));
      return found && { check: found.check, isDown: found.result.state === 'down' };
    });
  });
}

/** Names are unique within a file. */
function placeOf({ file }: CheckSpec, name: string): string {
  return JSON.stringify([file, name]);
}
