import type { ContainerRow, EngineRow, ImageRow } from '../../agent/protocol/containers';
import type { Endpoint, EndpointState } from '../../agent/protocol/endpoints';
import { EngineMirror } from '../../extension/agent/engineMirror';
import type { KnownEngines } from '../../extension/views/containers/containerModel';

export const connected: EndpointState = {
  kind: 'connected',
  since: 0,
  engine: 'docker',
  version: '26.1.5',
  api: '1.45',
  host: 'buildbox',
};

/** A running container by its name, or one that is as given. */
export function aContainer(name: string, row: Partial<ContainerRow> = {}): ContainerRow {
  return {
    kind: 'container',
    id: `id-of-${name}`,
    name,
    image: 'nginx:1.27',
    imageId: 'sha256:0123456789abcdef',
    command: 'nginx -g daemon off;',
    state: 'running',
    createdAt: 0,
    ports: [],
    labels: {},
    ...row,
  };
}

export function anImage(tag: string | undefined, row: Partial<ImageRow> = {}): ImageRow {
  return {
    kind: 'image',
    id: `sha256:${(tag ?? 'none').padEnd(12, '0')}`,
    tags: tag === undefined ? [] : [tag],
    size: 1024 * 1024,
    createdAt: 0,
    usedBy: [],
    ...row,
  };
}

/** One engine, `docker (default)`. */
export function anEndpoint(endpoint: Partial<Endpoint> = {}): Endpoint {
  return {
    id: 'context:default',
    name: 'docker (default)',
    source: 'context',
    address: 'unix:///var/run/docker.sock',
    current: true,
    tls: 'none',
    state: { kind: 'idle' },
    ...endpoint,
  };
}

/** What is known of one engine that is connected, with all rows of these kinds told. */
export function knownEngine(rows: readonly EngineRow[], state: EndpointState = connected): KnownEngines {
  const endpoint = anEndpoint({ state });
  const mirror = new EngineMirror(endpoint.id, state);
  const complete = ['container', 'image', 'volume', 'network'] as const;
  mirror.take({
    endpoint: endpoint.id,
    reset: [...complete],
    complete: [...complete],
    rows: [...rows],
    gone: [],
  });
  return {
    found: { endpoints: [endpoint], looked: [], problems: [] },
    failure: undefined,
    isLive: true,
    endpoint: id => (id === endpoint.id ? endpoint : undefined),
    mirror: id => (id === endpoint.id ? mirror : undefined),
  };
}
