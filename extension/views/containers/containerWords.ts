import type { ContainerRow, Port, Stats } from '../../../agent/protocol/containers';
import { ageText, sizeText } from './measures';
import type { Underway } from './underway';

/** How a container is doing, for its icon and its place in a list. */
export type Condition =
  | 'healthy'
  | 'running'
  | 'starting'
  | 'paused'
  | 'created'
  | 'stopped'
  | 'leaving'
  | 'restarting'
  | 'problem';

/** Exit codes of a container that was told to stop: SIGINT, SIGKILL, SIGTERM. */
const toldToStop: readonly number[] = [0, 130, 137, 143];

export function conditionOf({
  state,
  health,
  exit,
}: Pick<ContainerRow, 'state' | 'health' | 'exit'>): Condition {
  switch (state) {
    case 'running':
      if (health === 'unhealthy') return 'problem';
      if (health === 'starting') return 'starting';
      return health === 'healthy' ? 'healthy' : 'running';
    case 'exited':
      return exit === undefined || toldToStop.includes(exit) ? 'stopped' : 'problem';
    case 'dead':
      return 'problem';
    case 'removing':
      return 'leaving';
    default:
      return state;
  }
}

/** What of a container decides where it stands, and what all above it say. */
export function sortKey(row: ContainerRow): string {
  const { name, project, service } = row;
  return JSON.stringify([row.state, conditionOf(row), name, project, service]);
}

/** Whether it has processes now. */
export function isUp({ state }: Pick<ContainerRow, 'state'>): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}

/**
 * What a container is called within its project: by its service where compose named it (`shop-api-1` is `api`,
 * `shop-api-2` is `api 2`), else as it is. https://docs.docker.com/compose/how-tos/project-name/
 */
export function shortName({ name, project, service }: ContainerRow): string {
  if (project === undefined || service === undefined) return name;
  for (const mark of ['-', '_']) {
    const prefix = `${project}${mark}${service}${mark}`;
    const number = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (/^\d+$/.test(number)) return number === '1' ? service : `${service} ${number}`;
  }
  return name;
}

/** `Up 3 h · healthy · 8080→80 · 2 % · 84 MiB`. */
export function containerDescription(
  row: ContainerRow,
  now: number,
  { stats, underway }: { stats?: Stats | undefined; underway?: Underway | undefined } = {},
): string {
  return [
    ...(underway === undefined ? [] : [`${underway.word} · ${ageText(now - underway.since)}`]),
    stateText(row, now),
    ...(row.state === 'running' && row.health !== undefined ? [healthText(row.health)] : []),
    ...restartsText(row),
    ...portsText(row.ports),
    ...(stats === undefined || row.state !== 'running' ? [] : usageText(stats)),
  ].join(' · ');
}

/** What is known of a container while nobody can tell how it is now. */
export function staleDescription(row: ContainerRow): string {
  return [`was ${row.state}`, ...portsText(row.ports)].join(' · ');
}

/** `Up 3 h`, `exited 1 · 2 min ago`. */
export function stateText({ state, since, exit }: ContainerRow, now: number): string {
  const age = since === undefined ? undefined : ageText(now - since);
  switch (state) {
    case 'running':
      return age === undefined ? 'Up' : `Up ${age}`;
    case 'exited': {
      const how = exit === undefined ? 'exited' : `exited ${String(exit)}`;
      return age === undefined ? how : `${how} · ${age} ago`;
    }
    // Engines tell since when it runs, not since when it is paused.
    case 'paused':
      return age === undefined ? state : `${state} · up ${age}`;
    case 'restarting':
    case 'removing':
      return age === undefined ? state : `${state} · ${age}`;
    default:
      return state;
  }
}

function healthText(health: NonNullable<ContainerRow['health']>): string {
  return health === 'starting' ? 'health: starting' : health;
}

function restartsText({ restarts }: ContainerRow): string[] {
  if (restarts === undefined || restarts === 0) return [];
  return [restarts === 1 ? '1 restart' : `${String(restarts)} restarts`];
}

/** How many published ports a row names before it counts. */
const portsNamed = 3;

/** `8080→80`, each once though it be published on IPv4 and IPv6. */
export function portsText(ports: readonly Port[]): string[] {
  const published = [
    ...new Set(
      ports
        .filter(port => port.public !== undefined)
        .map(
          port =>
            `${String(port.public)}→${String(port.private)}${port.protocol === 'tcp' ? '' : `/${port.protocol}`}`,
        ),
    ),
  ];
  if (published.length === 0) return [];
  const left = published.length - portsNamed;
  return [[...published.slice(0, portsNamed), ...(left > 0 ? [`+${String(left)}`] : [])].join(', ')];
}

function usageText({ cpu, memory }: Stats): string[] {
  return [
    `${cpu < 10 && cpu > 0.05 ? cpu.toFixed(1).replace(/\.0$/, '') : cpu.toFixed(0)} %`,
    sizeText(memory),
  ];
}

/** `12 running · 3 stopped`. */
export function countsText(rows: Iterable<Pick<ContainerRow, 'state' | 'health' | 'exit'>>): string {
  let running = 0;
  let stopped = 0;
  let unhealthy = 0;
  for (const row of rows) {
    if (isUp(row)) running++;
    else stopped++;
    if (row.health === 'unhealthy' && row.state === 'running') unhealthy++;
  }
  if (running + stopped === 0) return 'no containers';
  return [
    `${String(running)} running`,
    ...(unhealthy === 0 ? [] : [`${String(unhealthy)} unhealthy`]),
    ...(stopped === 0 ? [] : [`${String(stopped)} stopped`]),
  ].join(' · ');
}

/** `4 of 5 running`, for what belongs together. */
export function partText(rows: readonly Pick<ContainerRow, 'state'>[]): string {
  const running = rows.filter(isUp).length;
  const total = String(rows.length);
  return running === rows.length ? `${total} running` : `${String(running)} of ${total} running`;
}
