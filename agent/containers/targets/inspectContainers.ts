import type { ContainerInspectInfo } from 'dockerode';
import { type OpenEngine, statusOf, wordEngine } from './openEngine';

/** A container, or the containers of a compose service. */
export type Wanted = { readonly name: string } | { readonly project: string; readonly service: string };

/** A container as its engine tells of it. */
export interface Inspected {
  readonly name: string;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited`, `dead`. */
  readonly state: string;
  /** `healthy`, `unhealthy`, `starting`; empty where it has no health check. */
  readonly health: string;
  readonly restarts: number;
  readonly exit: number;
  /** Whether it was ended because memory ran out. */
  readonly isOutOfMemory: boolean;
  /** Milliseconds since 1970; absent where it never ran. */
  readonly startedAt?: number;
}

/** What is there of what is wanted, or why that cannot be told. It passes between bundles, so it is no error. */
export type Inspection =
  | { readonly kind: 'found'; readonly containers: readonly Inspected[] }
  | { readonly kind: 'missing' | 'trouble'; readonly message: string };

/** Asks an engine how containers are; `signal` breaks it off. */
export async function inspectContainers(
  engine: OpenEngine,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Inspection> {
  const name = nameOf(wanted);
  try {
    const ids = 'name' in wanted ? [wanted.name] : await idsOf(engine, wanted, signal);
    const inspected = await Promise.all(ids.map(id => inspectOne(engine, id, signal)));
    const containers = inspected.filter(each => each !== undefined);
    if (containers.length > 0) return { kind: 'found', containers };
    return { kind: 'missing', message: `There is no ${name}` };
  } catch (error) {
    return { kind: 'trouble', message: wordEngine(engine, name, error) };
  }
}

export function nameOf(wanted: Wanted): string {
  if ('name' in wanted) return `container ${wanted.name}`;
  return `container of ${wanted.project}/${wanted.service}`;
}

/** Those of a service; what `docker compose run` has left is none of it. */
export async function idsOf(
  { docker }: OpenEngine,
  { project, service }: Extract<Wanted, { project: string }>,
  abortSignal: AbortSignal,
): Promise<string[]> {
  const label = [`${labels.project}=${project}`, `${labels.service}=${service}`];
  const all = await docker.listContainers({ all: true, filters: { label }, abortSignal });
  return all.filter(({ Labels }) => Labels[labels.once]?.toLowerCase() !== 'true').map(({ Id }) => Id);
}

/** https://github.com/docker/compose/blob/main/pkg/api/labels.go */
const labels = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  once: 'com.docker.compose.oneoff',
};

/** Undefined where it is not there, or not any more. */
async function inspectOne(
  { docker }: OpenEngine,
  id: string,
  abortSignal: AbortSignal,
): Promise<Inspected | undefined> {
  try {
    return read(await docker.getContainer(id).inspect({ abortSignal }));
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function read({ Name, State, RestartCount }: ContainerInspectInfo): Inspected {
  const startedAt = Date.parse(State.StartedAt);
  const health = State.Health?.Status ?? '';
  return {
    name: Name.replace(/^\//, ''),
    // Podman's word until it has tidied up.
    state: State.Status === 'stopped' ? 'exited' : State.Status,
    // Podman has an empty one, Docker says `none`.
    health: health === 'none' ? '' : health,
    restarts: RestartCount,
    exit: State.ExitCode,
    isOutOfMemory: State.OOMKilled,
    // The year 1 stands for never.
    ...(startedAt > 0 && { startedAt }),
  };
}
