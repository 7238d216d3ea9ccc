import type { Context } from '../../../agent/protocol/contexts';
import { writePodTarget } from '../../../agent/runbook/podTarget';
import type { ClusterFeed } from '../../agent/clusterFeed';
import { pick } from '../../quickInput';
import type { ClusterNode } from '../../views/clusters/clusterNode';
import { podKindOf } from '../../views/clusters/podKinds';
import type { ClustersProvider } from '../../views/clusters/clustersProvider';
import { nodeOf } from './chosen';

interface Places {
  readonly feed: Pick<ClusterFeed, 'context' | 'found' | 'tables'>;
  readonly provider: { readonly model: Pick<ClustersProvider['model'], 'row'> };
}

/**
 * What `target=` of a cell has to say for a pod, one of its containers, a workload or a service: always with its own
 * context, whichever is in use. Undefined for any other row.
 */
export function targetOfRow({ feed, provider }: Places, node: ClusterNode): string | undefined {
  if (node.kind === 'container') {
    const { namespace, pod, container } = node;
    const on = nameOf(feed, node.context);
    return on && writePodTarget({ on, namespace, kind: 'pod', name: pod, container: container.name });
  }
  const kind = node.kind === 'object' ? podKindOf(node.of) : undefined;
  if (node.kind !== 'object' || kind === undefined) return undefined;
  const row = provider.model.row(node);
  const on = nameOf(feed, node.context);
  if (row?.namespace === undefined || on === undefined) return undefined;
  return writePodTarget({ on, namespace: row.namespace, kind, name: row.name });
}

/** By its name a target finds the first context that is called so; undefined where that is another one. */
function nameOf(feed: Places['feed'], id: string): string | undefined {
  const own = feed.context(id);
  const all = (feed.found?.contexts ?? []).flatMap(({ id: each }) => feed.context(each) ?? []);
  const first = all.find(({ name }: Context) => name === own?.name);
  return first?.id === id ? own?.name : undefined;
}

/** The same for what a menu gives; undefined where that is no row of the Clusters view. Throws where no cell can run in it. */
export function targetOfMenu(places: Places, first: unknown): string | undefined {
  const node = nodeOf(first);
  if (node === undefined) return undefined;
  const target = targetOfRow(places, node);
  if (target !== undefined) return target;
  throw new Error(
    'No cell can run in this: choose a pod, a workload or a service. Of two contexts of one name only the first can be a target: rename one of them in its kubeconfig.',
  );
}

/** Pods that the view has shown, to choose from. */
export async function pickPod({ feed }: Places, title: string): Promise<string | undefined> {
  return (await pick(knownPods(feed), { title, matchOnDescription: true }))?.target;
}

/** Whether there is one to choose. */
export function knowsPods({ feed }: Places): boolean {
  return knownPods(feed).length > 0;
}

function knownPods(feed: Places['feed']): { label: string; description: string; target: string }[] {
  const pods = [...feed.tables()].filter(({ key }) => key.kind === 'pods');
  const items = pods.flatMap(({ key, mirror }) =>
    [...mirror.rows.values()].flatMap(({ namespace, name }) => {
      const on = nameOf(feed, key.context);
      if (on === undefined || namespace === undefined) return [];
      const target = writePodTarget({ on, namespace, kind: 'pod', name });
      return [{ label: name, description: `${namespace} · ${on}`, target }];
    }),
  );
  // One namespace may be shown by itself and among all.
  return [...new Map(items.map(item => [item.target, item])).values()];
}
