import type { PodContainer } from '../../protocol/clusterObjects';
import { cut } from '../../text/cut';
import { type ContainerState, type ContainerStatus, lastEnd } from '../problems/podHealth';
import type { KubeObject } from '../reflector/serverTable';

interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly restartPolicy?: string;
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly protocol?: string;
  }[];
}

const parts = [
  ['initContainers', 'initContainerStatuses', 'init'],
  ['containers', 'containerStatuses', 'container'],
  ['ephemeralContainers', 'ephemeralContainerStatuses', 'ephemeral'],
] as const;

/** The containers of a pod: init containers first, then in the pod's order. */
export function containersOf({ spec, status }: KubeObject): PodContainer[] {
  return parts.flatMap(([specs, statuses, type]) => {
    const told = (status?.[statuses] as readonly ContainerStatus[] | undefined) ?? [];
    return ((spec?.[specs] as readonly ContainerSpec[] | undefined) ?? []).map(container =>
      containerOf(
        container,
        // An init container that is always restarted is a sidecar.
        type === 'init' && container.restartPolicy === 'Always' ? 'sidecar' : type,
        told.find(({ name }) => name === container.name),
      ),
    );
  });
}

function containerOf(
  { name, image, ports = [] }: ContainerSpec,
  type: PodContainer['type'],
  status: ContainerStatus | undefined,
): PodContainer {
  const last = status && lastEnd(status);
  return {
    name,
    type,
    image: status?.image || (image ?? ''),
    ...stateOf(status?.state),
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    ...(last && { last }),
    ports: ports.map(each => ({
      ...(each.name !== undefined && { name: each.name }),
      port: each.containerPort,
      protocol: each.protocol ?? 'TCP',
    })),
  };
}

function stateOf(
  state: ContainerState = {},
): Pick<PodContainer, 'state' | 'reason' | 'message' | 'exit' | 'since'> {
  const { waiting, running, terminated } = state;
  if (running !== undefined) return { state: 'running', ...since(running.startedAt) };
  if (terminated !== undefined) {
    const { exitCode, finishedAt } = terminated;
    return {
      state: 'ended',
      ...words(terminated),
      ...(exitCode !== undefined && { exit: exitCode }),
      ...since(finishedAt),
    };
  }
  return waiting === undefined ? { state: 'unknown' } : { state: 'waiting', ...words(waiting) };
}

function words({ reason, message }: { readonly reason?: string; readonly message?: string }): {
  reason?: string;
  message?: string;
} {
  return {
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message: cut(message, 4000) }),
  };
}

function since(text: string | undefined): { since?: number } {
  const time = Date.parse(text ?? '');
  return Number.isFinite(time) ? { since: time } : {};
}
