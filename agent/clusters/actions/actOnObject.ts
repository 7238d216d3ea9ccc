import { setTimeout } from 'node:timers/promises';
import type { ClusterAction } from '../../protocol/clusterActions';
import type { ObjectRef } from '../../protocol/clusterObjects';
import type { ActionOutcome } from '../../protocol/containerActions';
import { HandrailError } from '../../protocol/errors';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import { pathOf } from '../live/knownKinds';
import { fetchObject } from '../objects/readObject';
import type { KubeObject } from '../reflector/serverTable';
import { imagePatch, type Patch, patchFor, patchTypes } from './objectPatches';
import { revisionsOf, undoPatch } from './revisions';
import { runNow } from './runNow';

type Outcome = Pick<ActionOutcome, 'outcome' | 'message' | 'hint'>;

/** Does an action to one object. Throws ApiRefusal and HandrailError. */
export async function actOnObject(
  cluster: LiveCluster,
  action: ClusterAction,
  ref: ObjectRef,
): Promise<Outcome> {
  switch (action.do) {
    case 'delete':
      return deleteObject(cluster, ref, action);
    case 'runNow':
      return runNow(cluster, ref, action.name);
    case 'removeFinalizers':
      return ref.kind === 'namespaces' ? finalize(cluster, ref) : patched(cluster, ref, patchFor(action));
    case 'setImage': {
      const patch = imagePatch(await fetchObject(cluster, ref), action.container, action.image);
      return patch === null ? { outcome: 'unchanged' } : patched(cluster, ref, patch);
    }
    case 'undoRollout': {
      const object = await seenObject(cluster, ref);
      const revisions = await revisionsOf(cluster, ref, object);
      const patch = undoPatch(ref, object, revisions, action.revision);
      return patch === null ? { outcome: 'unchanged' } : patched(cluster, ref, patch);
    }
    case 'restart':
      await checkCanRestart(cluster, ref);
      return patched(cluster, ref, patchFor(action));
    case 'pauseRollout':
    case 'resumeRollout':
      if (ref.kind !== 'deployments.apps')
        throw new HandrailError('invalidState', `Rollouts of ${ref.kind} cannot be paused`, {
          hint: 'Only those of Deployments can.',
        });
      return patched(cluster, ref, patchFor(action));
    default:
      return patched(cluster, ref, patchFor(action));
  }
}

/** Once its controller has seen it: before that, the state before is another one. */
async function seenObject(cluster: LiveCluster, ref: ObjectRef): Promise<KubeObject> {
  for (let tries = 0; ; tries++) {
    const object = await fetchObject(cluster, ref);
    const { generation = 0 } = (object.metadata ?? {}) as { generation?: number };
    if (Number(object.status?.['observedGeneration'] ?? 0) >= generation || tries >= 40) return object;
    await setTimeout(250);
  }
}

async function patched(cluster: LiveCluster, ref: ObjectRef, { type, body, sub }: Patch): Promise<Outcome> {
  const kind = await cluster.kind(ref.kind);
  const { namespace, name } = ref;
  const path = pathOf(kind, { namespace, name });
  const before = await cluster.api.json<KubeObject>({ path });
  const after = await cluster.api.json<KubeObject>({
    path: pathOf(kind, { namespace, name, ...(sub !== undefined && { sub }) }),
    method: 'PATCH',
    query: { fieldManager: 'handrail' },
    body: { type: patchTypes[type], text: JSON.stringify(body) },
    deadline: 60_000,
  });
  // What has gone with its last finalizer has no new version.
  const isGoing = before.metadata?.deletionTimestamp !== undefined;
  const isSame = !isGoing && after.metadata?.resourceVersion === before.metadata?.resourceVersion;
  return { outcome: isSame ? 'unchanged' : 'done' };
}

/** What is paused would not start again before it is resumed. */
async function checkCanRestart(cluster: LiveCluster, ref: ObjectRef): Promise<void> {
  const { spec = {} } = await fetchObject(cluster, ref);
  if (spec['template'] === undefined || ref.kind === 'jobs.batch' || ref.kind === 'replicasets.apps')
    throw new HandrailError('invalidState', `${ref.kind} ${ref.name} has no rollouts`, {});
  if (spec['paused'] === true)
    throw new HandrailError('invalidState', `The rollout of ${ref.name} is paused`, {
      hint: 'Resume the rollout first.',
    });
}

async function deleteObject(
  cluster: LiveCluster,
  ref: ObjectRef,
  { propagation, grace }: Extract<ClusterAction, { do: 'delete' }>,
): Promise<Outcome> {
  const { namespace, name } = ref;
  const path = pathOf(await cluster.kind(ref.kind), { namespace, name });
  const options = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' }[propagation],
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
  };
  const answer = await cluster.api.json<KubeObject>({
    path,
    method: 'DELETE',
    body: { type: 'application/json', text: JSON.stringify(options) },
    deadline: 60_000,
  });
  return { outcome: 'done', ...(answer.kind === 'Status' ? {} : heldBy(answer, ref)) };
}

/** What keeps an object that is to go. */
function heldBy({ metadata, spec }: KubeObject, { kind }: ObjectRef): Pick<Outcome, 'message' | 'hint'> {
  const own = kind === 'namespaces' ? ((spec?.['finalizers'] as string[] | undefined) ?? []) : [];
  const finalizers = [...(metadata?.finalizers ?? []), ...own];
  if (finalizers.length === 0) return {};
  const usual = finalizers.every(each => ours.has(each));
  return {
    message: `It goes once these are done with it: ${finalizers.join(', ')}`,
    ...(!usual && {
      hint: 'Whoever put a finalizer there takes it away. Where that has gone for good, remove the finalizers by hand.',
    }),
  };
}

/** What Kubernetes itself does away with. */
const ours: ReadonlySet<string> = new Set([
  'kubernetes',
  'foregroundDeletion',
  'orphan',
  'batch.kubernetes.io/job-tracking',
]);

/** Namespaces have finalizers of a kind of their own as well. */
async function finalize(cluster: LiveCluster, ref: ObjectRef): Promise<Outcome> {
  const object = await fetchObject(cluster, ref);
  if (object.metadata?.deletionTimestamp === undefined)
    throw new HandrailError('invalidState', `The namespace ${ref.name} is not being removed`, {
      hint: 'Delete it first.',
    });
  const kind = await cluster.kind(ref.kind);
  const body = { ...object, metadata: { ...object.metadata, finalizers: [] }, spec: { finalizers: [] } };
  try {
    await cluster.api.json({
      path: pathOf(kind, { name: ref.name, sub: 'finalize' }),
      method: 'PUT',
      body: { type: 'application/json', text: JSON.stringify(body) },
    });
  } catch (error) {
    // It has gone meanwhile.
    if (!(error instanceof ApiRefusal) || error.status !== 404) throw error;
    return { outcome: 'unchanged' };
  }
  return { outcome: 'done', message: 'What was still in it may be left behind, unseen' };
}
