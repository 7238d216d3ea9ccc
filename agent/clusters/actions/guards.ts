import { allows } from '../../protocol/clusterObjects';
import { HandrailError } from '../../protocol/errors';
import { ApiRefusal } from '../api/apiRefusal';
import type { FoundContext } from '../contexts/foundContext';
import type { LiveCluster } from '../live/liveCluster';
import { allowedIn } from '../objects/readObject';

/** What somebody wants to do, as RBAC names it. `namespace`: absent for what is in none. */
export interface WantedRight {
  readonly verb: string;
  readonly group: string;
  /** Plural, with the subresource: `pods/exec`. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * Throws HandrailError `cluster` where the context is read-only, and `needsAnswer` where it is production and its name was
 * not typed.
 */
export function checkMayChange(
  { id, name, readOnly, production }: Pick<FoundContext, 'id' | 'name' | 'readOnly' | 'production'>,
  confirmed: string | undefined,
): void {
  if (readOnly) {
    const hint = 'The patterns under readOnly in config.yaml say so.';
    throw new HandrailError('cluster', `Nothing is changed on ${name}: it is read-only`, {
      context: id,
      trouble: 'readOnly',
      hint,
    });
  }
  if (!production || confirmed === name) return;
  const hint = `Type the name of the context to go on: ${name}`;
  throw new HandrailError('needsAnswer', `${name} is production`, { context: id, type: name, hint });
}

/** Throws HandrailError `cluster` with the verb that is missing, where the cluster says for certain that it is. */
export async function checkRight(cluster: LiveCluster, wanted: WantedRight): Promise<void> {
  const missing = await missingRight(cluster, wanted);
  if (missing !== undefined) throw missing;
}

/** The same as a value. What cannot be found out is tried. */
export async function missingRight(
  cluster: LiveCluster,
  wanted: WantedRight,
): Promise<HandrailError | undefined> {
  const { verb, resource, namespace } = wanted;
  // A right that was given a moment ago counts.
  if ((await isAllowed(cluster, wanted)) || (await isAllowed(cluster, wanted, 2000))) return undefined;
  const { userName, id } = cluster.context;
  const place = namespace === undefined ? '' : ` in ${namespace}`;
  return new HandrailError('cluster', `${userName || 'You'} may not ${verb} ${resource}${place}`, {
    context: id,
    trouble: 'forbidden',
    verb,
    hint: `The verb ${verb} on ${resource} is missing. Ask whoever runs the cluster for it.`,
  });
}

async function isAllowed(cluster: LiveCluster, wanted: WantedRight, age?: number): Promise<boolean> {
  const { namespace = 'default', name, ...right } = wanted;
  try {
    const { rules, incomplete } = await allowedIn(cluster, namespace, age);
    return incomplete || allows(rules, { ...right, ...(name !== undefined && { name }) });
  } catch (error) {
    // Who may not even ask, may do it all the same.
    if (error instanceof ApiRefusal) return true;
    throw error;
  }
}
