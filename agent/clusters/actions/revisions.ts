import type { ObjectRef, Revision } from '../../protocol/clusterObjects';
import { HandrailError } from '../../protocol/errors';
import type { LiveCluster } from '../live/liveCluster';
import { selectorText } from '../pods/podsOf';
import type { KubeObject } from '../reflector/serverTable';
import type { Patch } from './objectPatches';

/** A state of a workload that can be gone back to, with what has it. */
export interface KeptRevision extends Revision {
  readonly held: KubeObject & { readonly data?: unknown };
}

const revisionOf = 'deployment.kubernetes.io/revision';
const causeOf = 'kubernetes.io/change-cause';

/**
 * What a Deployment (its ReplicaSets), StatefulSet or DaemonSet (their ControllerRevisions) was before, the newest first.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#checking-rollout-history-of-a-deployment
 */
export async function revisionsOf(
  cluster: LiveCluster,
  { kind, namespace = 'default', name }: ObjectRef,
  object: KubeObject,
): Promise<KeptRevision[]> {
  const isDeployment = kind === 'deployments.apps';
  if (!isDeployment && kind !== 'statefulsets.apps' && kind !== 'daemonsets.apps')
    throw new HandrailError('invalidState', `${kind} ${name} has no rollouts`, { kind });
  const plural = isDeployment ? 'replicasets' : 'controllerrevisions';
  const { items = [] } = await cluster.api.json<{ items?: readonly (KubeObject & { data?: unknown })[] }>({
    path: `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${plural}`,
    query: { labelSelector: selectorText(object.spec?.['selector'] as object), limit: 500 },
  });
  const own = items.filter(({ metadata }) =>
    metadata?.ownerReferences?.some(({ uid }) => uid === object.metadata?.uid),
  );
  const revisions = own.map(held => (isDeployment ? ofReplicaSet(held) : ofControllerRevision(held)));
  revisions.sort((a, b) => b.revision - a.revision);
  // The last one is what is wanted; that it is what runs is told a moment later.
  return revisions.map((each, index) => ({ ...each, current: index === 0 }));
}

function ofReplicaSet(held: KubeObject): KeptRevision {
  return {
    ...told(held, held.spec?.['template']),
    revision: Number(held.metadata?.annotations?.[revisionOf] ?? 0),
  };
}

function ofControllerRevision(held: KubeObject & { readonly data?: unknown }): KeptRevision {
  const { spec } = (held.data ?? {}) as { spec?: { template?: unknown } };
  return { ...told(held, spec?.template), revision: (held as { revision?: number }).revision ?? 0 };
}

function told(held: KubeObject, template: unknown): Omit<KeptRevision, 'revision'> {
  const { spec } = (template ?? {}) as { spec?: { containers?: readonly { image?: string }[] } };
  const cause = held.metadata?.annotations?.[causeOf];
  return {
    held,
    createdAt: Date.parse(held.metadata?.creationTimestamp ?? '') || 0,
    images: (spec?.containers ?? []).map(({ image = '' }) => image),
    ...(cause !== undefined && { cause }),
    current: false,
  };
}

/** The change that goes back to a revision, or the one before; null where that is what there is. */
export function undoPatch(
  { kind, name }: ObjectRef,
  object: KubeObject,
  revisions: readonly KeptRevision[],
  wanted: number | undefined,
): Patch | null {
  if (object.spec?.['paused'] === true) {
    const hint = 'Resume the rollout first.';
    throw new HandrailError('invalidState', `The rollout of ${name} is paused`, { hint });
  }
  const chosen = wanted === undefined ? revisions[1] : revisions.find(({ revision }) => revision === wanted);
  if (chosen === undefined) {
    const message =
      wanted === undefined ? `${name} has no earlier revision` : `${name} has no revision ${wanted}`;
    const hint = `It has ${revisions.map(({ revision }) => revision).join(', ')}.`;
    throw new HandrailError('notFound', message, { hint });
  }
  if (chosen.current) return null;
  if (kind !== 'deployments.apps') return { type: 'strategic', body: chosen.held.data };
  const template = structuredClone(chosen.held.spec?.['template']) as {
    metadata?: { labels?: Record<string, string> };
  };
  delete template.metadata?.labels?.['pod-template-hash'];
  return { type: 'json', body: [{ op: 'replace', path: '/spec/template', value: template }] };
}
