import { isNear } from '../../runbook/nearName';
import type { CheckSpec } from '../checkSpec';
import type { Problem } from './readCheck';

/** What is wrong with what a check needs. */
export interface WrongNeed {
  readonly check: CheckSpec;
  readonly problem: Problem;
}

/**
 * Checks without those of their `needs` that are none: names that no check of the file has, and what would have a check
 * wait for itself. `declared`: all names in the file, of checks that cannot be read, too.
 */
export function withoutWrongNeeds(
  checks: readonly CheckSpec[],
  declared: ReadonlySet<string>,
): { checks: CheckSpec[]; wrong: WrongNeed[] } {
  const wrong: WrongNeed[] = [];
  const needs = new Map<string, string[]>();
  for (const check of checks) {
    const kept: string[] = [];
    needs.set(check.name, kept);
    for (const need of new Set(check.needs)) {
      const way = declared.has(need) ? wayTo(check.name, need, needs) : undefined;
      if (!declared.has(need)) wrong.push({ check, problem: unknown(need, declared) });
      else if (way !== undefined) wrong.push({ check, problem: cycle([check.name, ...way]) });
      else kept.push(need);
    }
  }
  return { checks: checks.map(check => ({ ...check, needs: needs.get(check.name) ?? [] })), wrong };
}

/** From one check to another by what each needs; undefined where no way leads there. */
function wayTo(
  wanted: string,
  from: string,
  needs: ReadonlyMap<string, readonly string[]>,
  seen = new Set<string>(),
): string[] | undefined {
  if (from === wanted) return [from];
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const next of needs.get(from) ?? []) {
    const way = wayTo(wanted, next, needs, seen);
    if (way !== undefined) return [from, ...way];
  }
  return undefined;
}

function unknown(need: string, declared: ReadonlySet<string>): Problem {
  const meant = [...declared].find(name => isNear(need, name));
  const hint = meant === undefined ? 'Name a check of this file.' : `Did you mean \`${meant}\`?`;
  return { path: ['needs'], message: `needs: there is no check ${need} in this file`, hint };
}

function cycle(way: readonly string[]): Problem {
  const words = way.slice(1).map((name, index) => `${way[index] ?? ''} needs ${name}`);
  return {
    path: ['needs'],
    message: `needs: the check would wait for itself: ${words.join(', ')}`,
    hint: 'Take one of them out.',
  };
}
