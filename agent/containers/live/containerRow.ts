import type { ContainerRow, ContainerState, Port } from '../../protocol/containers';
import { cut } from '../../text/cut';
import { boundedLabels } from './bounded';
import { readStatus } from './statusWords';

/**
 * A container as a list has it.
 * https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Container/operation/ContainerList
 */
export interface ListedContainer {
  readonly Id: string;
  readonly Names?: readonly string[] | null;
  readonly Image?: string;
  readonly ImageID?: string;
  readonly Command?: string;
  readonly Created?: number | string;
  readonly State?: string;
  readonly Status?: string;
  readonly Ports?: readonly ListedPort[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, ListedNetwork | null>> | null };
  readonly Mounts?: readonly { readonly Type?: string; readonly Name?: string }[] | null;
}

interface ListedPort {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type?: string;
}

interface ListedNetwork {
  readonly NetworkID?: string;
}

/** What a container has in use, by id or name. */
export interface Uses {
  readonly image: string;
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
}

/** When an event told of a container's present state, milliseconds since 1970. */
export type ExactSince = number | undefined;

/** The row of a container. `before`: its last one. `now`: the engine's time. */
export function containerRow(
  listed: ListedContainer,
  { before, exact, now }: { before: ContainerRow | undefined; exact: ExactSince; now: number },
): ContainerRow {
  const state = stateOf(listed.State ?? '');
  const status = readStatus(listed.Status ?? '');
  const createdAt = timeOf(listed.Created);
  const labels = boundedLabels(listed.Labels);
  const project = labels['com.docker.compose.project'] ?? labels['io.podman.compose.project'];
  const service = labels['com.docker.compose.service'];
  return {
    kind: 'container',
    id: listed.Id,
    name: cut(nameOf(listed), 300),
    image: cut(listed.Image ?? '', 500),
    imageId: cut(listed.ImageID ?? '', 100),
    command: cut(listed.Command ?? '', 500),
    state,
    ...(status.health !== undefined && state === 'running' && { health: status.health }),
    ...(status.exit !== undefined && { exit: status.exit }),
    ...since(state, status.age, { before, exact, now, createdAt }),
    createdAt,
    ...(before?.restarts !== undefined && { restarts: before.restarts }),
    ports: (listed.Ports ?? []).map(portOf).sort(byPort),
    labels,
    ...(project !== undefined && { project }),
    ...(service !== undefined && { service }),
  };
}

/** What the container has in use. */
export function usesOf({ ImageID, Mounts, NetworkSettings }: ListedContainer): Uses {
  const networks = Object.values(NetworkSettings?.Networks ?? {});
  return {
    image: (ImageID ?? '').replace(/^sha256:/, ''),
    volumes: (Mounts ?? []).flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : [])),
    networks: networks.flatMap(network => (network?.NetworkID ? [network.NetworkID] : [])),
  };
}

/** Seconds since 1970, or text, as milliseconds. */
export function timeOf(time: number | string | undefined): number {
  const ms = typeof time === 'number' ? time * 1000 : Date.parse(time ?? '');
  return Number.isNaN(ms) ? 0 : ms;
}

/** The engine's words are true to their unit only; what is known better is kept as long as they do not contradict it. */
function since(
  state: ContainerState,
  age: { ms: number; error: number } | undefined,
  known: { before: ContainerRow | undefined; exact: ExactSince; now: number; createdAt: number },
): Pick<ContainerRow, 'since' | 'coarse'> {
  const { before, exact, now, createdAt } = known;
  if (state === 'created') return { since: createdAt };
  const fits = (time: number): boolean =>
    age === undefined || Math.abs(now - time - age.ms) <= age.error + 3000;
  if (exact !== undefined && fits(exact)) return { since: exact };
  const same = before !== undefined && isSameRun(before.state, state) ? before.since : undefined;
  if (same !== undefined && fits(same)) return { since: same, ...(before?.coarse && { coarse: true }) };
  return age === undefined ? {} : { since: now - age.ms, coarse: true };
}

function isSameRun(before: ContainerState, now: ContainerState): boolean {
  const goesOn = (state: ContainerState): boolean => state === 'running' || state === 'paused';
  return before === now || (goesOn(before) && goesOn(now));
}

/** Of several names, which links give it, its own is the one without a path. */
function nameOf({ Id, Names }: ListedContainer): string {
  const names = (Names ?? []).map(name => name.replace(/^\//, ''));
  return names.find(name => !name.includes('/')) ?? names[0] ?? Id.slice(0, 12);
}

const states: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
  removing: 'removing',
  exited: 'exited',
  dead: 'dead',
  // Podman's own.
  configured: 'created',
  initialized: 'created',
  stopping: 'running',
  stopped: 'exited',
};

function stateOf(state: string): ContainerState {
  return states[state.toLowerCase()] ?? 'dead';
}

function portOf({ IP, PrivatePort, PublicPort, Type }: ListedPort): Port {
  return {
    ...(IP !== undefined && IP !== '' && { ip: IP }),
    ...(PublicPort !== undefined && PublicPort !== 0 && { public: PublicPort }),
    private: PrivatePort,
    protocol: Type ?? 'tcp',
  };
}

function byPort(a: Port, b: Port): number {
  const order = a.private - b.private || (a.public ?? 0) - (b.public ?? 0);
  return order || ((a.ip ?? '') < (b.ip ?? '') ? -1 : 1);
}
