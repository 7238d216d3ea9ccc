import { HandrailError } from '../../protocol/errors';
import type { ContainerStatus } from '../problems/podHealth';
import type { KubeObject } from '../reflector/serverTable';

/** A container as a pod's spec has it. */
export interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly tty?: boolean;
  readonly stdin?: boolean;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

const lists = ['initContainers', 'containers', 'ephemeralContainers'] as const;
const statusLists = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const;

/** All containers of a pod: init containers first. */
export function specsOf({ spec }: KubeObject): ContainerSpec[] {
  return lists.flatMap(list => (spec?.[list] as readonly ContainerSpec[] | undefined) ?? []);
}

/** What is told of a container; undefined before it is known to the node. */
export function statusOf(
  { status }: KubeObject,
  container: string,
): (ContainerStatus & { readonly containerID?: string }) | undefined {
  return statusLists
    .flatMap(list => (status?.[list] as readonly ContainerStatus[] | undefined) ?? [])
    .find(({ name }) => name === container);
}

/** The one that is meant where none is named. */
export function defaultContainer(pod: KubeObject): string {
  const named = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  const containers = (pod.spec?.['containers'] as readonly ContainerSpec[] | undefined) ?? [];
  if (named !== undefined && containers.some(({ name }) => name === named)) return named;
  return containers[0]?.name ?? '';
}

/** A container by its name, or the default one. Throws HandrailError `notFound`. */
export function chosenContainer(pod: KubeObject, container: string | undefined): string {
  const chosen = container ?? defaultContainer(pod);
  const names = specsOf(pod).map(({ name }) => name);
  if (names.includes(chosen)) return chosen;
  const hint = `It has ${names.join(', ')}.`;
  throw new HandrailError('notFound', `The pod ${pod.metadata?.name ?? ''} has no container ${chosen}`, {
    container: chosen,
    hint,
  });
}

/** Whether it takes requests: ready, and not about to go. */
export function isReady({ metadata, status }: KubeObject): boolean {
  if (metadata?.deletionTimestamp !== undefined) return false;
  const conditions =
    (status?.['conditions'] as readonly { type: string; status: string }[] | undefined) ?? [];
  return conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}

/** Whether all of its containers have ended for good. */
export function isOver({ status }: KubeObject): boolean {
  return status?.['phase'] === 'Succeeded' || status?.['phase'] === 'Failed';
}
