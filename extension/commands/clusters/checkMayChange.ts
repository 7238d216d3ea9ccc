import type { ChosenObject } from './chosen';
import type { ClusterParts } from './clusterCommands';
import type { Way } from './objectWays';
import { refusal } from './rights';

/**
 * Throws, before anything is asked, where a context is read-only, or the cluster says that this person may not; with the
 * verb that is missing. What it does not tell is tried.
 */
export async function checkMayChange(
  { feed, allowed }: Pick<ClusterParts, 'feed' | 'allowed'>,
  chosen: readonly ChosenObject[],
  way: Way,
): Promise<void> {
  for (const { context: id, object } of chosen) {
    const context = feed.context(id);
    const kind = feed.kinds(id)?.find(one => one.id === object.kind);
    if (context === undefined || kind === undefined) continue;
    if (context.readOnly && way !== 'secret')
      throw new Error(
        `Nothing is changed on ${context.name}: it is read-only. The patterns under readOnly in config.yaml say so.`,
      );
    const { namespace, name } = object;
    const rules = await allowed.ask({ context: id, namespace: namespace ?? 'default' });
    const refused = refusal(context, way, { kind, namespace, name }, rules);
    if (refused !== undefined) throw new Error(refused);
  }
}
