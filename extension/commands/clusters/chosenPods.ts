import type { ClusterFeed } from '../../agent/clusterFeed';
import { pick } from '../../quickInput';
import type { ClustersProvider } from '../../views/clusters/clustersProvider';
import { podKindOf } from '../../views/clusters/podKinds';
import { nodeOf } from './chosen';

interface Places {
  readonly feed: Pick<ClusterFeed, 'tables'>;
  readonly provider: { readonly model: Pick<ClustersProvider['model'], 'row'> };
}

/** A pod, one of its containers, or what has pods. */
export interface ChosenPods {
  readonly context: string;
  readonly namespace: string;
  /** `Kind.id`. */
  readonly kind: string;
  readonly name: string;
  /** One of a pod. */
  readonly container?: string;
}

/**
 * The pods, containers and workloads of the rows that are selected; without any, one that the person chooses of those that
 * the view has shown. `fits`: kinds that are meant.
 */
export async function podsOf(
  places: Places,
  [first, all]: readonly [unknown, unknown],
  title: string,
  fits: (kind: string) => boolean = hasPods,
): Promise<ChosenPods[]> {
  const selected: readonly unknown[] = Array.isArray(all) && all.includes(first) ? all : [first];
  const chosen = selected.flatMap(row => podsOfRow(places, row) ?? []).filter(({ kind }) => fits(kind));
  if (chosen.length > 0) return chosen;
  const known = knownPods(places).filter(({ kind }) => fits(kind));
  if (known.length === 0)
    throw new Error('Unfold the workloads of a cluster in the Clusters view first: no pod is known.');
  const items = known.map(one => ({
    label: one.name,
    description: [one.kind, one.namespace, one.context].join(' · '),
    one,
  }));
  const picked = await pick(items, { title, matchOnDescription: true });
  return picked === undefined ? [] : [picked.one];
}

/** Whether a kind is of pods, or has some. */
export function hasPods(kind: string): boolean {
  return podKindOf(kind) !== undefined || kind === 'cronjobs.batch';
}

export function isPod(kind: string): boolean {
  return kind === 'pods';
}

function podsOfRow({ provider }: Places, value: unknown): ChosenPods | undefined {
  const node = nodeOf(value);
  if (node?.kind === 'container') {
    const { context, namespace, pod, container } = node;
    return { context, namespace, kind: 'pods', name: pod, container: container.name };
  }
  if (node?.kind !== 'object') return undefined;
  const row = provider.model.row(node);
  if (row?.namespace === undefined) return undefined;
  return { context: node.context, namespace: row.namespace, kind: node.of, name: row.name };
}

function knownPods({ feed }: Places): ChosenPods[] {
  return [...feed.tables()].flatMap(({ key, mirror }) =>
    [...mirror.rows.values()].flatMap(({ namespace, name }) =>
      namespace === undefined ? [] : [{ context: key.context, namespace, kind: key.kind, name }],
    ),
  );
}
