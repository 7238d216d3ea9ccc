import type { ObjectRef, PodContainer } from '../../protocol/clusterObjects';
import { cut } from '../../text/cut';
import type { LiveCluster } from '../live/liveCluster';
import type { KubeObject } from '../reflector/serverTable';
import { containersOf } from './podContainers';
import { eventsOf, fetchObject } from './readObject';

/** An object in short, for a person: what it is, how it is, what has happened to it. */
export async function describeObject(cluster: LiveCluster, ref: ObjectRef): Promise<string> {
  const object = await fetchObject(cluster, ref);
  const { events } = await eventsOf(cluster, ref, object.metadata?.uid);
  const containers = ref.kind === 'pods' ? containersOf(object) : [];
  const last = events.slice(0, 20).map(({ type, reason, message, count, lastAt }) => {
    const times = count > 1 ? ` (${count} times)` : '';
    return `${when(lastAt)}  ${type}  ${reason}: ${cut(message, 500)}${times}`;
  });
  return [
    ...facts(ref, object),
    ...section('Conditions', conditionsOf(object)),
    ...section('Containers', containers.map(containerLine)),
    ...section('Events', last.length === 0 ? ['none'] : last),
    '',
  ].join('\n');
}

function facts({ kind, namespace, name }: ObjectRef, { metadata, spec, status }: KubeObject): string[] {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  const rows: [string, string | undefined][] = [
    ['Name', name],
    ['Namespace', namespace],
    ['Kind', kind],
    ['Made', metadata?.creationTimestamp],
    ['Going since', metadata?.deletionTimestamp],
    ['Finalizers', metadata?.finalizers?.join(', ')],
    ['Made by', owner && `${owner.kind} ${owner.name}`],
    ['Labels', pairs(metadata?.labels)],
    ['Phase', plain(status?.['phase'])],
    ['Node', plain(spec?.['nodeName'])],
    ['Address', plain(status?.['podIP'] ?? spec?.['clusterIP'])],
    ['Replicas', replicas(spec, status)],
  ];
  return rows
    .filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '')
    .map(([title, value]) => `${`${title}:`.padEnd(13)}${cut(value, 1000)}`);
}

function replicas(spec: KubeObject['spec'], status: KubeObject['status']): string | undefined {
  const wanted = spec?.['replicas'] ?? status?.['desiredNumberScheduled'];
  if (typeof wanted !== 'number') return undefined;
  const ready = status?.['readyReplicas'] ?? status?.['numberReady'] ?? 0;
  return `${plain(ready) ?? '0'} of ${wanted} ready`;
}

function plain(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function pairs(labels: Readonly<Record<string, string>> = {}): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

function conditionsOf({ status }: KubeObject): string[] {
  const found = (status?.['conditions'] ?? []) as readonly Record<string, string | undefined>[];
  return found.map(({ type = '', status: is = '', reason, message }) => {
    const why = [reason, message].filter(each => each !== undefined && each !== '').join(': ');
    return `${type}: ${is}${why === '' ? '' : ` (${cut(why, 500)})`}`;
  });
}

function containerLine({
  name,
  type,
  image,
  state,
  reason,
  message,
  exit,
  restarts,
  last,
}: PodContainer): string {
  return [
    `${name}${type === 'container' ? '' : ` (${type})`}  ${image}  ${state}`,
    ...(reason === undefined ? [] : [reason]),
    ...(exit === undefined ? [] : [`exit ${exit}`]),
    ...(message === undefined ? [] : [cut(message, 500)]),
    ...(restarts > 0 ? [`started again ${restarts} times`] : []),
    ...(last === undefined ? [] : [`last ended: ${last.reason} (exit ${last.exit ?? '?'})`]),
  ].join(', ');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map(line => `  ${line}`)];
}

function when(time: number): string {
  return time === 0 ? 'at some time' : new Date(time).toISOString().replace(/\.\d+/, '');
}
