import type { ClusterAction } from '../../protocol/clusterActions';
import type { ObjectRef } from '../../protocol/clusterObjects';
import type { ActionOutcome } from '../../protocol/containerActions';
import { HandrailError } from '../../protocol/errors';
import type { ActionAudit } from '../../store/audit/actionAudit';
import type { AuditEntry } from '../../store/types';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import { actOnObject } from './actOnObject';
import { missingRight } from './guards';
import { rightFor } from './rightFor';

/** Objects that something is done to at the same time. */
const mostAtOnce = 8;

/** Does an action to each of the objects and tells how it went, in their order. */
export async function actOnObjects(
  cluster: LiveCluster,
  action: ClusterAction,
  objects: readonly ObjectRef[],
  audit: ActionAudit,
): Promise<ActionOutcome[]> {
  const outcomes: ActionOutcome[] = [];
  const left = objects.entries();
  const work = async (): Promise<void> => {
    for (const [index, object] of left) {
      const id = nameOf(object);
      outcomes[index] = await audit.around(
        `object.${action.do}`,
        id,
        detailsOf(action),
        () => outcomeOf(cluster, action, object, id),
        ({ outcome, message }) => ({ outcome, ...(message !== undefined && { message }) }),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, objects.length) }, work));
  return outcomes;
}

/** `kind/namespace/name`; for the log and for whoever asked. */
export function nameOf({ kind, namespace, name }: ObjectRef): string {
  return [kind, namespace, name].filter(each => each !== undefined).join('/');
}

function detailsOf(action: ClusterAction): AuditEntry['details'] {
  const details = Object.entries(action).filter(([key, value]) => key !== 'do' && value !== undefined);
  return Object.fromEntries(
    details.map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : value]),
  );
}

async function outcomeOf(
  cluster: LiveCluster,
  action: ClusterAction,
  object: ObjectRef,
  id: string,
): Promise<ActionOutcome> {
  const { name } = object;
  try {
    const missing = await missingRight(cluster, await rightFor(cluster, action, object));
    if (missing !== undefined) throw missing;
    return { id, name, ...(await actOnObject(cluster, action, object)) };
  } catch (error) {
    if (!(error instanceof HandrailError)) throw cluster.api.worded(error);
    const { message, details } = error;
    const hint = typeof details['hint'] === 'string' ? details['hint'] : hintFor(error);
    return { id, name, outcome: 'failed', message, ...(hint !== undefined && { hint }) };
  }
}

function hintFor(error: unknown): string | undefined {
  if (!(error instanceof ApiRefusal)) return undefined;
  if (error.status === 403) return 'Ask whoever runs the cluster for the right to do this.';
  if (error.status === 409) return 'Somebody else changed it at the same time. Look at it, and try again.';
  return undefined;
}
