import type { TableKey } from '../../agent/clusterFeed';
import type { ObjectNode } from './clusterNode';

/** The table that an object's row is in. */
export function tableOf({ context, of, within }: ObjectNode): TableKey {
  return { context, kind: of, namespace: within };
}

export function isSame(a: TableKey, b: TableKey): boolean {
  return a.context === b.context && a.kind === b.kind && a.namespace === b.namespace;
}
