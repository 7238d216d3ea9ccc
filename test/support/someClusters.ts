import type { ClusterRow, Column, Kind } from '../../agent/protocol/clusters';
import type { Context } from '../../agent/protocol/contexts';
import type { TableKey } from '../../extension/agent/clusterFeed';
import { TableMirror } from '../../extension/agent/tableMirror';
import type { KnownClusters } from '../../extension/views/clusters/clusterModel';

export function clusterRow(name: string, more: Partial<ClusterRow> = {}): ClusterRow {
  return { uid: name, namespace: 'shop', name, cells: [name], createdAt: 0, state: 'ok', ...more };
}

export function column(name: string): Column {
  return { name, type: 'string', priority: 0 };
}

export function kindOf(id: string, more: Partial<Kind> = {}): Kind {
  const [plural = id, ...group] = id.split('.');
  return {
    ...{ id, group: group.join('.'), version: 'v1', kind: plural, plural, short: [] },
    ...{ namespaced: true, verbs: ['list', 'watch'], custom: false },
    ...more,
  };
}

/** A context `test` that is connected. */
export function contextOf(more: Partial<Context> = {}): Context {
  return {
    ...{ id: 'test', name: 'test', cluster: 'test', server: 'https://127.0.0.1:6443', user: 'ana' },
    ...{ namespace: 'shop', file: '/home/ana/.kube/config', current: true },
    ...{ production: false, readOnly: false, insecure: false, login: 'token' },
    state: { kind: 'connected', since: 0, version: 'v1.34.4' },
    ...more,
  };
}

/** What a window knows of the context `test`, with rows of tables by kind, all of the namespace `shop` or of the cluster. */
export function known(
  kinds: readonly Kind[],
  rows: Readonly<Record<string, readonly ClusterRow[]>>,
  context = contextOf(),
): KnownClusters & { readonly tables: Map<string, TableMirror> } {
  const tables = new Map<string, TableMirror>();
  for (const [kind, own] of Object.entries(rows)) {
    const mirror = new TableMirror();
    const state = { kind: 'live', since: 0 } as const;
    mirror.take({ table: 1, reset: true, complete: true, rows: [...own], gone: [], state });
    tables.set(kind, mirror);
  }
  return {
    tables,
    found: { contexts: [context], looked: [], problems: [] },
    failure: undefined,
    isLive: true,
    context: id => (id === context.id ? context : undefined),
    kinds: () => kinds,
    downGroups: () => [],
    isWanted: () => true,
    table: ({ kind }: TableKey) => tables.get(kind),
  };
}
