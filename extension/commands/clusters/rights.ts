import { allows, type listAllowed } from '../../../agent/protocol/clusterObjects';
import type { Kind } from '../../../agent/protocol/clusters';
import type { Context } from '../../../agent/protocol/contexts';
import type { ResultOf } from '../../../agent/protocol/message';
import { type Right, rightOf, type Way, waysOf } from './objectWays';

/** What a cluster tells of what this person may do in a namespace. */
export type Rules = Pick<ResultOf<typeof listAllowed>, 'rules' | 'incomplete'>;

/** Whether rules say for certain that a right is missing. */
export function lacks(rules: Rules | undefined, right: Right, name?: string): boolean {
  if (rules === undefined || rules.incomplete) return false;
  return !allows(rules.rules, { ...right, ...(name !== undefined && { name }) });
}

/** What a row's menus are told: `,+delete,-scale` where it can be deleted, but not scaled by this person. */
export function waysText(kind: Kind | undefined, rules: Rules | undefined, name: string): string {
  if (kind === undefined) return '';
  return waysOf(kind)
    .map(way => `,${lacks(rules, rightOf(way, kind), name) ? '-' : '+'}${way}`)
    .join('');
}

/** Why a way is not open to this person, with the verb that is missing; undefined where it is, or may be. */
export function refusal(
  { user, name: context }: Pick<Context, 'user' | 'name'>,
  way: Way,
  { kind, namespace, name }: { kind: Kind; namespace: string | undefined; name: string },
  rules: Rules | undefined,
): string | undefined {
  const right = rightOf(way, kind);
  if (!lacks(rules, right, name)) return undefined;
  const place = kind.namespaced && namespace !== undefined ? ` in ${namespace}` : '';
  const what = `${right.verb} ${right.resource}`;
  return `${user || 'You'} may not ${what}${place} on ${context}. The verb ${right.verb} on ${right.resource} is missing: ask whoever runs the cluster for it.`;
}
