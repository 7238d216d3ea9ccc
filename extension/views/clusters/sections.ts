import type { Kind } from '../../../agent/protocol/clusters';

/** What a namespace, or a cluster, is divided into. */
export type SectionName =
  'workloads' | 'network' | 'config' | 'storage' | 'helm' | 'nodes' | 'custom' | 'events';

interface Section {
  readonly label: string;
  readonly icon: string;
  /** `Kind.id`, in the order in which they are shown. */
  readonly ofNamespace: readonly string[];
  readonly ofCluster: readonly string[];
}

export const sections: Readonly<Record<SectionName, Section>> = {
  workloads: {
    label: 'Workloads',
    icon: 'layers',
    ofNamespace: [
      'deployments.apps',
      'statefulsets.apps',
      'daemonsets.apps',
      'cronjobs.batch',
      'jobs.batch',
      'pods',
    ],
    ofCluster: [],
  },
  network: {
    label: 'Network',
    icon: 'type-hierarchy',
    ofNamespace: [
      'services',
      'ingresses.networking.k8s.io',
      'gateways.gateway.networking.k8s.io',
      'httproutes.gateway.networking.k8s.io',
      'networkpolicies.networking.k8s.io',
    ],
    ofCluster: [],
  },
  config: { label: 'Config', icon: 'settings-gear', ofNamespace: ['configmaps', 'secrets'], ofCluster: [] },
  storage: {
    label: 'Storage',
    icon: 'database',
    ofNamespace: ['persistentvolumeclaims'],
    ofCluster: ['persistentvolumes', 'storageclasses.storage.k8s.io'],
  },
  // Where Helm keeps its records.
  helm: { label: 'Helm', icon: 'package', ofNamespace: ['secrets', 'configmaps'], ofCluster: [] },
  nodes: { label: 'Nodes', icon: 'server', ofNamespace: [], ofCluster: ['nodes'] },
  custom: { label: 'Custom Resources', icon: 'extensions', ofNamespace: [], ofCluster: [] },
  events: { label: 'Events', icon: 'history', ofNamespace: ['events'], ofCluster: ['events'] },
};

/** The kinds of a section that a cluster has and that can be listed. */
export function kindsOf(section: SectionName, kinds: readonly Kind[], inNamespace: boolean): Kind[] {
  const listed = kinds.filter(({ verbs }) => verbs.includes('list'));
  if (section === 'custom')
    return listed
      .filter(({ custom, namespaced, group }) => custom && namespaced === inNamespace && !isMetrics(group))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  const { ofNamespace, ofCluster } = sections[section];
  return (inNamespace ? ofNamespace : ofCluster).flatMap(id => listed.find(kind => kind.id === id) ?? []);
}

/** The sections that have anything to show. */
export function sectionsOf(kinds: readonly Kind[], inNamespace: boolean): SectionName[] {
  const names = Object.keys(sections) as SectionName[];
  return names.filter(name => kindsOf(name, kinds, inNamespace).length > 0);
}

/** Measured values rather than things of their own. */
function isMetrics(group: string): boolean {
  return group === 'metrics.k8s.io' || group.endsWith('.metrics.k8s.io');
}
