import type { getRollout, ObjectRef } from '../../protocol/clusterObjects';
import type { ResultOf } from '../../protocol/message';
import type { LiveCluster } from '../live/liveCluster';
import { fetchObject } from '../objects/readObject';
import type { KubeObject } from '../reflector/serverTable';
import { revisionsOf } from './revisions';

type Rollout = ResultOf<typeof getRollout>;

/** How the rollout of a workload goes, and what it was before. */
export async function rolloutOf(cluster: LiveCluster, ref: ObjectRef): Promise<Rollout> {
  const object = await fetchObject(cluster, ref);
  const revisions = await revisionsOf(cluster, ref, object);
  return {
    ...rolloutState(ref.kind, object),
    revisions: revisions.map(({ revision, createdAt, images, cause, current }) => ({
      ...{ revision, createdAt, images, current },
      ...(cause !== undefined && { cause }),
    })),
  };
}

interface Counts {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly conditions?: readonly { type: string; status: string; reason?: string; message?: string }[];
}

/** As `kubectl rollout status` sees it. */
export function rolloutState(
  kind: string,
  { metadata, spec = {}, status = {} }: KubeObject,
): Pick<Rollout, 'state' | 'message'> {
  const counts = status as Counts;
  const { generation = 0 } = (metadata ?? {}) as { generation?: number };
  const wanted =
    kind === 'daemonsets.apps' ? (counts.desiredNumberScheduled ?? 0) : Number(spec['replicas'] ?? 1);
  const updated = counts.updatedReplicas ?? counts.updatedNumberScheduled ?? 0;
  const available = counts.availableReplicas ?? counts.numberAvailable ?? counts.readyReplicas ?? 0;
  const old = kind === 'deployments.apps' ? (counts.replicas ?? 0) - updated : 0;
  const message = [
    `${updated} of ${wanted} updated`,
    `${available} available`,
    ...(old > 0 ? [`${old} old ones still there`] : []),
  ].join(', ');
  const late = counts.conditions?.find(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  if (late !== undefined) return { state: 'failed', message: late.message ?? message };
  if (spec['paused'] === true) return { state: 'paused', message };
  const isSeen = (counts.observedGeneration ?? 0) >= generation;
  const isDone = isSeen && updated >= wanted && available >= wanted && old <= 0;
  return { state: isDone ? 'done' : 'progressing', message };
}
