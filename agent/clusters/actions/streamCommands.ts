import type { PodLogOf } from '../../protocol/clusterStreams';
import { kubectl, type Where } from './kubectlCommands';

/** The `kubectl` commands that show the same log. */
export function logCommands(
  where: Where,
  asked: {
    readonly of: PodLogOf;
    readonly container?: string | undefined;
    readonly previous: boolean;
    readonly follow: boolean;
    readonly tail?: number | undefined;
    readonly since?: number | undefined;
  },
): string[] {
  const { of, container, previous, follow, tail, since } = asked;
  const how = [
    ...(container === undefined ? ['--all-containers'] : ['-c', container]),
    ...(previous ? ['--previous'] : follow ? ['-f'] : []),
    ...(tail === undefined ? [] : [`--tail=${tail}`]),
    ...(since === undefined ? [] : [`--since-time=${new Date(since).toISOString()}`]),
  ];
  const subjects = of.kind === 'pods' ? of.pods : [`${of.workload}/${of.name}`];
  const all = of.kind === 'pods' ? [] : ['--all-pods', '--prefix'];
  return subjects.map(subject => kubectl(where, of.namespace, ['logs', subject, ...all, ...how]));
}

/** The `kubectl` command that runs the same in a container. */
export function execCommand(
  where: Where,
  { namespace, pod, container }: { namespace: string; pod: string; container: string },
  command: readonly string[],
  isTerminal: boolean,
): string {
  return kubectl(where, namespace, [
    'exec',
    isTerminal ? '-it' : '-i',
    pod,
    '-c',
    container,
    '--',
    ...command,
  ]);
}

/** The `kubectl` command that debugs a pod in the same way. */
export function debugCommand(
  where: Where,
  asked: {
    readonly namespace: string;
    readonly pod: string;
    readonly image: string;
    readonly target: string;
  },
  command: readonly string[],
): string {
  const { namespace, pod, image, target } = asked;
  const words = ['debug', '-it', pod, `--image=${image}`, `--target=${target}`];
  return kubectl(where, namespace, [...words, ...(command.length === 0 ? [] : ['--', ...command])]);
}

/** The `kubectl` command that forwards the same port. */
export function forwardCommand(
  where: Where,
  asked: { readonly namespace: string; readonly kind: string; readonly name: string },
  local: number,
  remote: number | string,
): string {
  const { namespace, kind, name } = asked;
  return kubectl(where, namespace, ['port-forward', `${kind}/${name}`, `${local}:${remote}`]);
}

/** The `kubectl` command that drains a node in the same way. */
export function drainCommand(
  where: Where,
  asked: {
    readonly node: string;
    readonly force: boolean;
    readonly deleteEmptyDir: boolean;
    readonly grace?: number | undefined;
    readonly seconds: number;
  },
): string {
  const { node, force, deleteEmptyDir, grace, seconds } = asked;
  return kubectl(where, undefined, [
    'drain',
    node,
    '--ignore-daemonsets',
    ...(force ? ['--force'] : []),
    ...(deleteEmptyDir ? ['--delete-emptydir-data'] : []),
    ...(grace === undefined ? [] : [`--grace-period=${grace}`]),
    `--timeout=${seconds}s`,
  ]);
}
