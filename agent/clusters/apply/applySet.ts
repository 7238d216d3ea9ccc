import { createHash } from 'node:crypto';
import type { Kind } from '../../protocol/clusters';
import { productVersion } from '../../version';
import { ApiRefusal } from '../api/apiRefusal';
import type { LiveCluster } from '../live/liveCluster';
import { knownKinds, type KindPath, pathOf } from '../live/knownKinds';
import type { KubeObject } from '../reflector/serverTable';
import { serverApply } from './serverApply';

// Sets as Kubernetes means them: https://kep.k8s.io/3659. A ConfigMap stands for the set, a label makes a member.

export const memberLabel = 'applyset.kubernetes.io/part-of';
const setLabel = 'applyset.kubernetes.io/id';
const kindsNote = 'applyset.kubernetes.io/contains-group-kinds';
const namespacesNote = 'applyset.kubernetes.io/additional-namespaces';
const toolNote = 'applyset.kubernetes.io/tooling';

/** The id of a set that a ConfigMap of a namespace stands for. */
export function setId(name: string, namespace: string): string {
  const hash = createHash('sha256')
    .update(`${parentName(name)}.${namespace}.ConfigMap.`)
    .digest('base64url');
  return `applyset-${hash}-v1`;
}

function parentName(set: string): string {
  return `handrail-${set}`;
}

/** A member that the cluster has. */
export interface Member {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Where members are looked for. */
export interface Reach {
  readonly kinds: readonly Kind[];
  readonly namespaces: readonly string[];
}

/** All objects of a set, of the kinds and in the namespaces that the set itself names, or that are asked for. */
export async function membersOf(
  cluster: LiveCluster,
  id: string,
  all: readonly Kind[],
  asked: Reach,
  signal?: AbortSignal,
): Promise<Member[]> {
  const reach = await reachOf(cluster, id, all, asked);
  const places = reach.kinds.flatMap(kind => {
    const namespaces = kind.namespaced ? reach.namespaces : [undefined];
    return namespaces.map(namespace => ({ kind, namespace }));
  });
  const found: Member[] = [];
  for (const { kind, namespace } of places) {
    signal?.throwIfAborted();
    found.push(...(await listed(cluster, kind, namespace, `${memberLabel}=${id}`)));
  }
  return found;
}

/** With what the set's own ConfigMap names. */
async function reachOf(cluster: LiveCluster, id: string, all: readonly Kind[], asked: Reach): Promise<Reach> {
  const parents = await Promise.all(
    asked.namespaces.map(namespace => listed(cluster, configMaps, namespace, `${setLabel}=${id}`)),
  );
  const notes = parents.flat().map(({ object }) => object.metadata?.annotations ?? {});
  const named = notes.flatMap(note => (note[kindsNote] ?? '').split(',')).filter(name => name !== '');
  const own = all.filter(({ group, kind }) => named.includes(group === '' ? kind : `${kind}.${group}`));
  const others = notes.flatMap(note => (note[namespacesNote] ?? '').split(',')).filter(name => name !== '');
  return {
    kinds: [...new Map([...asked.kinds, ...own].map(kind => [kind.id, kind])).values()],
    namespaces: [...new Set([...asked.namespaces, ...others])],
  };
}

const configMaps = { ...knownKinds.get('configmaps'), kind: 'ConfigMap' } as KindPath & Kind;

async function listed(
  cluster: LiveCluster,
  kind: Kind,
  namespace: string | undefined,
  labelSelector: string,
): Promise<Member[]> {
  if (!kind.verbs.includes('list')) return [];
  const path = pathOf(kind, { namespace });
  const members: Member[] = [];
  let rest: string | undefined;
  try {
    do {
      const query = { labelSelector, limit: 500, continue: rest };
      const page = await cluster.api.json<Page>({ path, query, deadline: 60_000 });
      const { apiVersion = '', items = [] } = page;
      // Items of lists do not say what they are.
      members.push(...items.map(item => ({ kind, object: { ...item, apiVersion, kind: kind.kind } })));
      rest = page.metadata?.continue || undefined;
    } while (rest !== undefined);
  } catch (error) {
    // What one may not list, or what is no longer there, has nothing that one could remove.
    if (error instanceof ApiRefusal && (error.status === 403 || error.status === 404)) return members;
    throw error;
  }
  return members;
}

interface Page {
  readonly apiVersion?: string;
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly KubeObject[];
}

/** Writes down what a set reaches, before anything of it is applied, so that nothing of it is ever lost sight of. */
export async function writeSet(
  cluster: LiveCluster,
  set: string,
  namespace: string,
  reach: Reach,
): Promise<void> {
  const kinds = reach.kinds.map(({ group, kind }) => (group === '' ? kind : `${kind}.${group}`));
  const others = reach.namespaces.filter(each => each !== namespace);
  const parent = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: parentName(set),
      namespace,
      labels: { [setLabel]: setId(set, namespace) },
      annotations: {
        [toolNote]: `handrail/${productVersion}`,
        [kindsNote]: [...new Set(kinds)].sort().join(','),
        [namespacesNote]: [...new Set(others)].sort().join(','),
      },
    },
  };
  await serverApply(cluster, configMaps, parent, { dryRun: false, force: true });
}
