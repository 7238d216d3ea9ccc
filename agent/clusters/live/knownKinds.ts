import type { Kind } from '../../protocol/clusters';

/** What it takes to list and watch a kind. */
export type KindPath = Pick<Kind, 'id' | 'group' | 'version' | 'plural' | 'namespaced' | 'verbs'>;

const all = ['get', 'list', 'watch'];

function of(group: string, version: string, namespaced: boolean, plurals: string): KindPath[] {
  return plurals.split(' ').map(plural => {
    const id = group === '' ? plural : `${plural}.${group}`;
    return { id, group, version, plural, namespaced, verbs: all };
  });
}

const kinds = [
  ...of(
    '',
    'v1',
    true,
    'pods services configmaps secrets persistentvolumeclaims events serviceaccounts endpoints',
  ),
  ...of('', 'v1', true, 'replicationcontrollers'),
  ...of('', 'v1', false, 'nodes namespaces persistentvolumes'),
  ...of('apps', 'v1', true, 'deployments statefulsets daemonsets replicasets'),
  ...of('batch', 'v1', true, 'jobs cronjobs'),
  ...of('networking.k8s.io', 'v1', true, 'ingresses networkpolicies'),
  ...of('storage.k8s.io', 'v1', false, 'storageclasses'),
];

/** Kinds that every cluster of today has: they are listed before it was asked what it has. */
export const knownKinds: ReadonlyMap<string, KindPath> = new Map(kinds.map(kind => [kind.id, kind]));

/** Path of a kind's list, of one object, or of a part of it: `pods/web/log`. Names are of a server, or typed. */
export function pathOf(
  { group, version, plural, namespaced }: Pick<KindPath, 'group' | 'version' | 'plural' | 'namespaced'>,
  { namespace, name, sub }: { namespace?: string | undefined; name?: string; sub?: string } = {},
): string {
  const base = group === '' ? ['api', version] : ['apis', group, version];
  const place = namespaced && namespace !== undefined ? ['namespaces', namespace] : [];
  const parts = [
    ...base,
    ...place,
    plural,
    ...(name === undefined ? [] : [name]),
    ...(sub === undefined ? [] : [sub]),
  ];
  return `/${parts.map(encodeURIComponent).join('/')}`;
}
