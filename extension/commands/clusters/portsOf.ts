import { parse } from 'yaml';

/** A port that an object says it has. */
export interface OwnPort {
  readonly port: number;
  /** Its name, and whose it is. */
  readonly description: string;
}

/** The TCP ports of a pod, workload or service, by its YAML; from a cluster, so nothing is taken for granted. */
export function portsOf(yaml: string): OwnPort[] {
  const spec = fieldOf(parse(yaml), 'spec');
  const ofService = listOf(spec, 'ports').flatMap(port => portOf(port, 'port', ''));
  const podSpec = fieldOf(fieldOf(spec, 'template'), 'spec') ?? spec;
  const ofPods = listOf(podSpec, 'containers').flatMap(container => {
    const name = fieldOf(container, 'name');
    const of = typeof name === 'string' ? name : '';
    return listOf(container, 'ports').flatMap(port => portOf(port, 'containerPort', of));
  });
  const all = [...ofService, ...ofPods];
  return [...new Map(all.map(one => [one.port, one])).values()];
}

/** `80`, `http`, `8080:80`; undefined where it is none of these. */
export function portsIn(text: string): { remote: number | string; local?: number } | undefined {
  const [, local, remote = ''] = /^\s*(?:(\d{1,5}):)?([a-z0-9-]{1,63})\s*$/i.exec(text) ?? [];
  const number = /^\d+$/.test(remote) ? Number(remote) : undefined;
  if (remote === '' || !isPort(number ?? 1) || !isPort(Number(local ?? 1))) return undefined;
  return { remote: number ?? remote, ...(local !== undefined && { local: Number(local) }) };
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

function portOf(value: unknown, field: string, of: string): OwnPort[] {
  const port = fieldOf(value, field);
  const protocol = fieldOf(value, 'protocol') ?? 'TCP';
  if (typeof port !== 'number' || protocol !== 'TCP') return [];
  const name = fieldOf(value, 'name');
  const words = [typeof name === 'string' ? name : '', of === '' ? '' : `of ${of}`];
  return [{ port, description: words.filter(word => word !== '').join(' ') }];
}

function listOf(value: unknown, field: string): unknown[] {
  const found = fieldOf(value, field);
  return Array.isArray(found) ? found : [];
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? (value as Record<string, unknown>)[field]
    : undefined;
}
