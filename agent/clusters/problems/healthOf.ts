import type { ClusterRow, Column, Problem, RowState } from '../../protocol/clusters';
import type { KubeObject, ObjectMeta } from '../reflector/serverTable';
import { claimHealth, jobHealth, namespaceHealth, nodeHealth } from './objectHealth';
import { podHealth } from './podHealth';
import { workloadHealth } from './workloadHealth';

/** How an object is, and what is wrong with it. */
export interface Health {
  readonly state: RowState;
  readonly problem?: Problem;
}

/** What is known of an object: what was printed of it and, where it was asked for, all of it. */
export interface Known {
  /** `pods`, `deployments.apps`. */
  readonly kind: string;
  readonly meta: ObjectMeta;
  readonly columns: readonly Column[];
  readonly cells: ClusterRow['cells'];
  readonly object?: KubeObject | undefined;
}

/** The kinds of which something is known. Their watches are asked for whole objects: what is wrong stands there. */
const kinds: Readonly<Record<string, (known: Known) => Health>> = {
  pods: podHealth,
  'deployments.apps': workloadHealth,
  'statefulsets.apps': workloadHealth,
  'daemonsets.apps': workloadHealth,
  'replicasets.apps': workloadHealth,
  replicationcontrollers: workloadHealth,
  'jobs.batch': jobHealth,
  persistentvolumeclaims: claimHealth,
  nodes: nodeHealth,
  namespaces: namespaceHealth,
};

/** How an object is. `unknown` for kinds that nothing is known of. */
export function healthOf(known: Known): Health {
  const health = kinds[known.kind]?.(known) ?? { state: 'unknown' };
  const { deletionTimestamp, finalizers = [] } = known.meta;
  if (deletionTimestamp === undefined || known.kind === 'namespaces') return health;
  const since = Date.parse(deletionTimestamp);
  if (known.kind === 'pods' || finalizers.length === 0) return { ...health, state: 'terminating' };
  const message = `It is to be deleted, and waits for ${finalizers.join(', ')}`;
  return { state: 'terminating', problem: { severity: 'warning', reason: 'Terminating', message, since } };
}

/** Whether a kind's health is read from whole objects. */
export function hasHealth(kind: string): boolean {
  return kinds[kind] !== undefined;
}
