import type { Forward } from '../../agent/protocol/clusterStreams';

/** A port that was forwarded, as a workspace remembers it. */
export interface RememberedForward {
  readonly context: string;
  readonly namespace: string;
  /** `Kind.id` and name of what it leads to. */
  readonly kind: string;
  readonly name: string;
  /** Number, or name of a port of the container or service. */
  readonly remote: number | string;
  /** Of this machine. */
  readonly local: number;
}

/** The same, with how it goes where it is forwarded now. */
export interface KnownForward extends RememberedForward {
  readonly forward?: Forward;
}

/** Tells forwards apart: one port of this machine leads to one place. */
export function forwardKey({ context, local }: Pick<RememberedForward, 'context' | 'local'>): string {
  return JSON.stringify([context, local]);
}

/** `services/web:80`, as a person is told where a port leads to. */
export function forwardPlace({
  kind,
  name,
  remote,
}: Pick<RememberedForward, 'kind' | 'name' | 'remote'>): string {
  return `${kind.split('.')[0] ?? kind}/${name}:${String(remote)}`;
}

/** `ready`, `waits for its pod`, `failed: …`; what is not forwarded now says so. */
export function forwardState({ forward }: KnownForward): string {
  if (forward === undefined) return 'not forwarded now';
  const { state, message, connections } = forward;
  if (state === 'failed') return `failed: ${message ?? 'the port is not reached'}`;
  if (state === 'waiting') return `waits for a pod${message === undefined ? '' : `: ${message}`}`;
  return connections === 0 ? 'ready' : `${String(connections)} open`;
}
