import type { Kind } from '../../protocol/clusters';
import { ApiRefusal } from '../api/apiRefusal';
import type { ClusterApi } from '../api/clusterApi';

/** The kinds of a cluster, and the groups that could not be asked. */
export interface Discovered {
  readonly kinds: readonly Kind[];
  readonly downGroups: readonly { readonly group: string; readonly message: string }[];
}

/** https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery */
interface GroupDiscovery {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly {
    readonly version: string;
    readonly freshness?: 'Current' | 'Stale';
    readonly resources?: readonly ResourceDiscovery[];
  }[];
}

interface ResourceDiscovery {
  readonly resource: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string; readonly verbs?: readonly string[] }[];
}

const aggregated = ['v2', 'v2beta1']
  .map(version => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Asks a cluster for its kinds, each in the version that the server prefers. Two requests; one a group of old servers. */
export async function discoverKinds(api: ClusterApi, signal?: AbortSignal): Promise<Discovered> {
  const ask = <T>(path: string): Promise<T> =>
    api.json<T>({ path, accept: aggregated, ...(signal && { signal }) });
  const [core, groups] = await Promise.all([ask<Listed>('/api'), ask<Listed>('/apis')]);
  const isAggregated = core.kind === 'APIGroupDiscoveryList' && groups.kind === 'APIGroupDiscoveryList';
  if (!isAggregated) return discoverOneByOne(ask, groups);
  return together([...(core.items ?? []), ...(groups.items ?? [])].map(fromGroup));
}

interface Listed {
  readonly kind?: string;
  readonly items?: readonly GroupDiscovery[];
  /** Of servers before 1.26. */
  readonly groups?: readonly {
    readonly name: string;
    readonly preferredVersion?: { readonly version: string };
    readonly versions?: readonly { readonly version: string }[];
  }[];
}

/** A kind counts in the first version that has it: servers put the preferred one first. */
function fromGroup({ metadata, versions = [] }: GroupDiscovery): Discovered {
  const group = metadata?.name ?? '';
  const found = new Map<string, Kind>();
  const stale = versions.filter(({ freshness }) => freshness === 'Stale');
  for (const { version, resources = [] } of versions) {
    for (const resource of resources) {
      const kind = kindOf(group, version, resource);
      if (!found.has(kind.id)) found.set(kind.id, kind);
    }
  }
  const downGroups = stale.map(({ version }) => ({
    group: `${group}/${version}`,
    message: `The API server of ${group}/${version} does not answer`,
  }));
  return { kinds: [...found.values()], downGroups };
}

function kindOf(group: string, version: string, resource: ResourceDiscovery): Kind {
  const { resource: plural, responseKind, scope, verbs = [], shortNames = [], subresources = [] } = resource;
  const sub = subresources.flatMap(each => (each.verbs ?? []).map(verb => `${each.subresource}/${verb}`));
  return {
    id: group === '' ? plural : `${plural}.${group}`,
    group,
    version,
    kind: responseKind?.kind ?? plural,
    plural,
    short: [...shortNames],
    namespaced: scope === 'Namespaced',
    verbs: [...verbs, ...sub],
    custom: !isBuiltIn(group),
  };
}

/** Groups of Kubernetes itself end so, or have no dot; those of projects around it are called as CRDs are. */
function isBuiltIn(group: string): boolean {
  return !group.includes('.') || builtIn.has(group);
}

const builtIn = new Set(
  (
    'admissionregistration apiextensions apiregistration authentication authorization certificates coordination ' +
    'discovery events flowcontrol.apiserver internal.apiserver networking node rbac.authorization resource ' +
    'scheduling storage storagemigration'
  )
    .split(' ')
    .map(name => `${name}.k8s.io`),
);

type AskFor = <T>(path: string) => Promise<T>;

/** As servers before 1.26 want it: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#unaggregated-discovery */
async function discoverOneByOne(ask: AskFor, { groups = [] }: Listed): Promise<Discovered> {
  const named = groups.map(({ name, preferredVersion, versions }) => ({
    name,
    version: preferredVersion?.version ?? versions?.[0]?.version ?? 'v1',
  }));
  const found = [{ name: '', version: 'v1' }, ...named].map(async ({ name, version }) => {
    try {
      const path = name === '' ? '/api/v1' : `/apis/${name}/${version}`;
      return fromList(name, version, await ask<ResourceList>(path));
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      return { kinds: [], downGroups: [{ group: `${name}/${version}`, message: error.message }] };
    }
  });
  return together(await Promise.all(found));
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind?: string;
    readonly namespaced?: boolean;
    readonly verbs?: readonly string[];
    readonly shortNames?: readonly string[];
  }[];
}

function fromList(group: string, version: string, { resources = [] }: ResourceList): Discovered {
  const tops = resources.filter(({ name }) => !name.includes('/'));
  const kinds = tops.map(({ name, kind = name, namespaced = false, verbs = [], shortNames = [] }) =>
    kindOf(group, version, {
      resource: name,
      responseKind: { kind },
      scope: namespaced ? 'Namespaced' : 'Cluster',
      verbs,
      shortNames,
      subresources: resources
        .filter(each => each.name.startsWith(`${name}/`))
        .map(each => ({ subresource: each.name.slice(name.length + 1), verbs: each.verbs ?? [] })),
    }),
  );
  return { kinds, downGroups: [] };
}

function together(found: readonly Discovered[]): Discovered {
  return {
    kinds: found.flatMap(({ kinds }) => kinds),
    downGroups: found.flatMap(({ downGroups }) => downGroups),
  };
}
