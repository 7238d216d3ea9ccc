import type { ChosenObject } from './chosen';
import type { ClusterParts } from './clusterCommands';
import type { Way } from './objectWays';
import { refusal } from './rights';

type Parts = Pick<ClusterParts, 'feed' | 'allowed'>;

/**
 * Throws, before a person is asked anything, where a context is read-only, or where its cluster says that they may do it to
 * none of these; with the verb that is missing. What the cluster does not tell is tried.
 */
export async function checkMayChange(parts: Parts, chosen: readonly ChosenObject[], way: Way): Promise<void> {
  for (const id of way === 'secret' ? [] : new Set(chosen.map(({ context }) => context))) {
    const { name, readOnly } = parts.feed.context(id) ?? {};
    if (readOnly === true)
      throw new Error(
        `Nothing is changed on ${name ?? id}: it is read-only. The patterns under readOnly in config.yaml say so.`,
      );
  }
  const refused = await Promise.all(chosen.map(one => refusalOf(parts, one, way)));
  const [first] = refused;
  if (first !== undefined && !refused.includes(undefined)) throw new Error(first);
}

async function refusalOf(
  { feed, allowed }: Parts,
  { context: id, object: { kind: of, namespace, name } }: ChosenObject,
  way: Way,
): Promise<string | undefined> {
  const context = feed.context(id);
  const kind = feed.kinds(id)?.find(one => one.id === of);
  if (context === undefined || kind === undefined) return undefined;
  const rules = await allowed.ask({ context: id, namespace: namespace ?? 'default' });
  return refusal(context, way, { kind, namespace, name }, rules);
}
