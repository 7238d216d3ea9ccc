import type { ContainerAccess, PlaceWords } from '../../executors/container/access';
import { describe, type PodKind, type PodTarget } from '../../runbook/podTarget';
import { HandrailError } from '../../protocol/errors';
import { ApiRefusal } from '../api/apiRefusal';
import type { ClusterApi } from '../api/clusterApi';
import { chosenContainer, isOver, isReady, specsOf, statusOf } from '../pods/podParts';
import { labelsOf } from '../pods/podsOf';
import type { KubeObject } from '../reflector/serverTable';
import { startInPod } from './podProcess';

/** Where the workloads and services are whose pods a target can name. */
const paths: Readonly<Record<Exclude<PodKind, 'pod'>, readonly [group: string, resource: string]>> = {
  deploy: ['apis/apps/v1', 'deployments'],
  sts: ['apis/apps/v1', 'statefulsets'],
  ds: ['apis/apps/v1', 'daemonsets'],
  rs: ['apis/apps/v1', 'replicasets'],
  job: ['apis/batch/v1', 'jobs'],
  svc: ['api/v1', 'services'],
};

/** Nodes tell of a container's end some seconds after that of what ran in it. Milliseconds. */
const endIsTold = 5000;

/** The way to a cluster, which may become another one while it is used. */
export interface WayToCluster {
  readonly api: ClusterApi;
}

/** The way into a container of a pod that runs. Rejects with an Error for a person. Its end is its opener's matter. */
export async function openPod(
  way: WayToCluster,
  target: PodTarget,
  signal: AbortSignal,
): Promise<ContainerAccess> {
  try {
    const pod = await podOf(way.api, target, signal);
    const container = chosenContainer(pod, target.container);
    const trouble = troubleIn(pod, container);
    if (trouble !== undefined) throw new Error(trouble);
    return accessTo(way, pod, container);
  } catch (error) {
    throw wordPod(error, target, way.api);
  }
}

async function podOf(api: ClusterApi, target: PodTarget, signal: AbortSignal): Promise<KubeObject> {
  const { namespace, kind, name } = target;
  if (kind === 'pod')
    return api.json<KubeObject>({ path: pathOf('api/v1', namespace, 'pods', name), signal });
  const [group, resource] = paths[kind];
  const { spec } = await api.json<KubeObject>({ path: pathOf(group, namespace, resource, name), signal });
  const labelSelector = labelsOf(resource, spec);
  if (labelSelector === '') throw new Error(`${kind} ${namespace}/${name} selects no pods`);
  const path = pathOf('api/v1', namespace, 'pods');
  const { items = [] } = await api.json<{ items?: KubeObject[] }>({ path, query: { labelSelector }, signal });
  return chosen(items, `${kind} ${namespace}/${name}`);
}

/** Of several pods one that is ready, and of these the one that has been there longest: it is the same the next time. */
function chosen(pods: readonly KubeObject[], owner: string): KubeObject {
  const running = pods.filter(pod => !isOver(pod) && pod.metadata?.deletionTimestamp === undefined);
  const [first] = running.sort(
    (a, b) => Number(isReady(b)) - Number(isReady(a)) || madeAt(a).localeCompare(madeAt(b)),
  );
  if (first !== undefined) return first;
  throw new Error(`${owner} has no pod that runs${pods.length === 0 ? '' : `: ${pods.length} have ended`}`);
}

function madeAt({ metadata }: KubeObject): string {
  return `${metadata?.creationTimestamp ?? ''} ${metadata?.name ?? ''}`;
}

function accessTo(way: WayToCluster, pod: KubeObject, container: string): ContainerAccess {
  const { namespace = 'default', name: podName = '' } = pod.metadata ?? {};
  const place = { namespace, pod: podName, container };
  const name = `${specsOf(pod).length > 1 ? `${container} of ` : ''}pod ${namespace}/${podName}`;
  const trouble = (): Promise<string | undefined> => troubleNow(way.api, pod, place);
  return {
    name,
    isOwn: false,
    words: wordsFor(way.api),
    endIsTold,
    trouble,
    async start(start, take) {
      try {
        return await startInPod(way.api, place, start, take);
      } catch (error) {
        throw new Error((await trouble()) ?? wordError(error, name, way.api), { cause: error });
      }
    },
    close: () => Promise.resolve(),
  };
}

function wordsFor({ context }: ClusterApi): PlaceWords {
  const way = context.isExtra ? `--kubeconfig ${context.file} ` : '';
  return {
    who: `The pod, or the cluster of ${context.name},`,
    alive: `kubectl ${way}--context ${context.name} get nodes`,
    writable: 'give it a volume at /tmp (emptyDir)',
  };
}

/** Why nothing can be run any more in the container that a session has; the pod that has its name may be another one. */
async function troubleNow(
  api: ClusterApi,
  known: KubeObject,
  { namespace, pod, container }: { namespace: string; pod: string; container: string },
): Promise<string | undefined> {
  const name = `pod ${namespace}/${pod}`;
  let found: KubeObject;
  try {
    found = await api.json<KubeObject>({ path: pathOf('api/v1', namespace, 'pods', pod) });
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return `The ${name} has been removed`;
    return wordError(error, name, api);
  }
  if (found.metadata?.uid !== known.metadata?.uid)
    return `The ${name} has been replaced: another one has its name now`;
  const trouble = troubleIn(found, container);
  if (trouble !== undefined) return trouble;
  const [before, now] = [known, found].map(each => statusOf(each, container)?.containerID);
  if (before === now) return undefined;
  const { exitCode, reason } = statusOf(found, container)?.lastState?.terminated ?? {};
  const why = exitCode === undefined ? '' : ` (it ended with exit ${exitCode}${because(reason)})`;
  return `The container ${container} of ${name} was restarted${why}`;
}

/** Why nothing can be run in a container of a pod as it is. */
function troubleIn(pod: KubeObject, container: string): string | undefined {
  const { namespace = '', name = '', deletionTimestamp } = pod.metadata ?? {};
  const called = `pod ${namespace}/${name}`;
  if (deletionTimestamp !== undefined) return `The ${called} is being removed`;
  const { state, lastState } = statusOf(pod, container) ?? {};
  if (state?.running !== undefined) return undefined;
  const { terminated, waiting } = state ?? {};
  const ended = terminated ?? lastState?.terminated;
  if (ended !== undefined)
    return `The container ${container} of ${called} has ended (exit ${ended.exitCode ?? '?'}${because(ended.reason)})`;
  const why = [waiting?.reason ?? 'Pending', waiting?.message].filter(Boolean);
  return `The container ${container} of ${called} does not run yet: ${why.join(': ')}`;
}

function because(reason: string | undefined): string {
  return reason === undefined || /^(Error|Completed)$/.test(reason) ? '' : `, ${reason}`;
}

function wordPod(error: unknown, target: PodTarget, api: ClusterApi): Error {
  if (error instanceof ApiRefusal && error.status === 404) {
    const { namespace, kind, name } = target;
    const listed = kind === 'pod' ? 'pods' : kind;
    return new Error(
      `There is no ${kind} ${namespace}/${name}: it was understood as ${describe(target)}. Look with kubectl get ${listed} -n ${namespace}.`,
      { cause: error },
    );
  }
  if (error instanceof HandrailError)
    return new Error(wordError(error, describe(target), api), { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}

function wordError(error: unknown, what: string, api: ClusterApi): string {
  const { message = error instanceof Error ? error.message : String(error), hint } =
    api.troubleOf(error) ?? {};
  const own = error instanceof HandrailError ? error.details['hint'] : undefined;
  const next = hint ?? (typeof own === 'string' ? own : undefined);
  return [`${what}: ${message}`, next].filter(part => part !== undefined).join('. ');
}

function pathOf(group: string, namespace: string, resource: string, name?: string): string {
  const parts = ['namespaces', namespace, resource, ...(name === undefined ? [] : [name])];
  return `/${group}/${parts.map(encodeURIComponent).join('/')}`;
}
