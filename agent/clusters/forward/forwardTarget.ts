import { HandrailError } from '../../protocol/errors';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import { fetchObject } from '../objects/readObject';
import { specsOf } from '../pods/podParts';
import { podsOf } from '../pods/podsOf';
import type { PodSelection } from '../pods/podWatch';
import type { KubeObject } from '../reflector/serverTable';
import type { WantedForward } from './portForwards';

/** Where a forwarded port may lead. */
export interface ForwardTarget {
  readonly pods: PodSelection;
  /** The name of the pod that was asked for. */
  readonly preferred?: string;
  /** The port of a pod that is meant. Throws HandrailError `notFound`. */
  portIn(pod: KubeObject): number;
}

/** Finds the pods behind a pod, workload or service. A pod that somebody makes again stands for its successors, too. */
export async function forwardTarget(
  cluster: LiveCluster,
  { namespace, kind, name, remote }: WantedForward,
): Promise<ForwardTarget> {
  const ref = { kind, namespace, name };
  if (kind === 'services') {
    const service = await fetchObject(cluster, ref);
    const target = targetPort(service, remote);
    return { pods: await podsOf(cluster, ref), portIn: pod => portOf(pod, target) };
  }
  const portIn = (pod: KubeObject): number => portOf(pod, remote);
  if (kind !== 'pods') return { pods: await podsOf(cluster, ref), portIn };
  const pod = await fetchObject(cluster, ref);
  const maker = await makerOf(cluster, namespace, pod);
  const pods = await podsOf(cluster, maker ?? ref);
  return { pods, preferred: name, portIn };
}

/** The workload whose pods are as good as this one. Those of a StatefulSet have each their own data. */
async function makerOf(
  cluster: LiveCluster,
  namespace: string,
  pod: KubeObject,
): Promise<{ kind: string; namespace: string; name: string } | undefined> {
  const owner = controllerOf(pod);
  if (owner?.kind !== 'ReplicaSet') return undefined;
  try {
    const set = { kind: 'replicasets.apps', namespace, name: owner.name };
    const above = controllerOf(await fetchObject(cluster, set));
    return above?.kind === 'Deployment' ? { kind: 'deployments.apps', namespace, name: above.name } : set;
  } catch (error) {
    // Who may not look at it has this one pod.
    if (error instanceof ApiRefusal) return undefined;
    throw error;
  }
}

function controllerOf({ metadata }: KubeObject): { kind: string; name: string } | undefined {
  return metadata?.ownerReferences?.find(({ controller }) => controller === true);
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
}

/** What a port of a service is called in its pods. */
function targetPort({ metadata, spec }: KubeObject, remote: number | string): number | string {
  const ports = (spec?.['ports'] as readonly ServicePort[] | undefined) ?? [];
  const found = ports.find(({ name, port }) => port === Number(remote) || name === remote);
  if (found !== undefined) return found.targetPort ?? found.port;
  const known = ports
    .map(({ name, port }) => (name === undefined ? `${port}` : `${port} (${name})`))
    .join(', ');
  const hint = known === '' ? 'It has no ports.' : `It has ${known}.`;
  throw new HandrailError('notFound', `The service ${metadata?.name ?? ''} has no port ${remote}`, { hint });
}

function portOf(pod: KubeObject, port: number | string): number {
  const number = Number(port);
  if (Number.isInteger(number)) return number;
  const named = specsOf(pod).flatMap(({ ports = [] }) => ports);
  const found = named.find(({ name }) => name === port);
  if (found !== undefined) return found.containerPort;
  const known = named.map(({ name }) => name).filter(name => name !== undefined);
  const hint = known.length === 0 ? 'Its ports have no names.' : `It has ${known.join(', ')}.`;
  throw new HandrailError('notFound', `The pod ${pod.metadata?.name ?? ''} has no port ${port}`, { hint });
}
