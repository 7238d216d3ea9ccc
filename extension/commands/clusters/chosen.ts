import type { ObjectRef } from '../../../agent/protocol/clusterObjects';
import type { ClusterRow } from '../../../agent/protocol/clusters';
import type { ClusterFeed, TableKey } from '../../agent/clusterFeed';
import { pick } from '../../quickInput';
import type { ClusterNode, ObjectNode } from '../../views/clusters/clusterNode';
import type { ClustersProvider } from '../../views/clusters/clustersProvider';

interface Places {
  readonly feed: ClusterFeed;
  readonly provider: ClustersProvider;
}

/** An object that a command is for. */
export interface ChosenObject {
  readonly context: string;
  readonly object: ObjectRef;
  readonly uid: string;
}

/** Menus give rows of the view; nothing else is taken for one. */
export function nodeOf(value: unknown): Extract<ClusterNode, { context?: string }> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { context } = value as Partial<ObjectNode>;
  return typeof context === 'string' ? (value as ObjectNode) : undefined;
}

/** The object of a row; without one, one that the person chooses of those that the view has shown. */
export async function objectOf(
  { feed, provider }: Places,
  first: unknown,
  title: string,
  isFor: (kind: string) => boolean = () => true,
): Promise<ChosenObject | undefined> {
  const node = nodeOf(first);
  const row = node?.kind === 'object' ? provider.model.row(node) : undefined;
  if (node?.kind === 'object' && row !== undefined) return chosenOf(node.context, node.of, row);
  const rows = known(feed).filter(({ key }) => isFor(key.kind));
  if (rows.length === 0)
    throw new Error('Unfold what it is for in the Clusters view first: nothing of that kind is known.');
  const choices = rows.map(({ key, row: own }) => ({
    ...{ label: own.name, description: [key.kind, own.namespace, key.context].filter(Boolean).join(' · ') },
    chosen: chosenOf(key.context, key.kind, own),
  }));
  return (await pick(choices, { title, matchOnDescription: true }))?.chosen;
}

/** The namespace of a row; without one, one that the person chooses of those that may be meant. */
export async function namespaceOf(
  { feed }: Places,
  first: unknown,
  title: string,
  mayBe: (namespace: { context: string; namespace: string }) => boolean,
): Promise<{ context: string; namespace: string } | undefined> {
  const node = nodeOf(first);
  if (node?.kind === 'namespace') return node;
  const all = known(feed)
    .filter(({ key }) => key.kind === 'namespaces')
    .map(({ key, row }) => ({ context: key.context, namespace: row.name }))
    .filter(mayBe);
  if (all.length === 0) throw new Error('There is none. Unfold a cluster in the Clusters view first.');
  const choices = all.map(one => ({ label: one.namespace, description: one.context, one }));
  return (await pick(choices, { title }))?.one;
}

function known(feed: ClusterFeed): { key: TableKey; row: ClusterRow }[] {
  return [...feed.tables()].flatMap(({ key, mirror }) =>
    [...mirror.rows.values()].map(row => ({ key, row })),
  );
}

function chosenOf(context: string, kind: string, { namespace, name, uid }: ClusterRow): ChosenObject {
  return { context, object: { kind, name, ...(namespace !== undefined && { namespace }) }, uid };
}
