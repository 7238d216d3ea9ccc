import { readRelease, type ReleasePart } from '../../../agent/protocol/clusterHelm';
import { pick } from '../../quickInput';
import { releaseNode, type ReleaseNode, type RevisionNode } from '../../views/clusters/clusterNode';
import type { commands } from '../names';
import { nodeOf } from './chosen';
import type { ClusterParts } from './clusterCommands';

/** The commands on what Helm has installed, by their keys. They read; nothing of it is changed. */
export function helmCommands(parts: ClusterParts) {
  return {
    openReleaseValues: first => openPart(parts, first, 'values', false),
    openAllReleaseValues: first => openPart(parts, first, 'allValues', false),
    openReleaseManifest: first => openPart(parts, first, 'manifest', false),
    openReleaseNotes: first => openPart(parts, first, 'notes', false),
    revealRelease: first => reveal(parts, first),
  } satisfies Partial<Record<keyof typeof commands, (first: unknown) => unknown>>;
}

const files: Readonly<Record<ReleasePart, string>> = {
  values: 'values.yaml',
  allValues: 'all values.yaml',
  manifest: 'manifest.yaml',
  notes: 'notes.txt',
};

async function openPart(
  parts: ClusterParts,
  first: unknown,
  part: ReleasePart,
  revealed: boolean,
): Promise<void> {
  const node = await releaseOf(parts, first);
  if (node === undefined) return;
  await openPartOf(parts, node, part, revealed);
}

async function openPartOf(
  parts: ClusterParts,
  node: ReleaseNode | RevisionNode,
  part: ReleasePart,
  revealed: boolean,
): Promise<void> {
  const { context, namespace, release } = node;
  const given = node.kind === 'revision' ? { revision: node.revision.revision } : {};
  const { text, revision } = await parts.agent.request(readRelease, {
    ...{ context, namespace, release, ...given, part, reveal: revealed, by: 'editor' },
  });
  const file = `${release} ${String(revision)} ${files[part]}`;
  const key = JSON.stringify([context, namespace, release, revision, part, revealed]);
  await parts.texts.show(file, key, text === '' ? nothing[part] : text);
}

const nothing: Readonly<Record<ReleasePart, string>> = {
  values: '',
  allValues: '',
  manifest: '# This release has made nothing.\n',
  notes: 'The chart has no notes.\n',
};

/** Shows a part with what is secret in it, which goes into the audit log. */
async function reveal(parts: ClusterParts, first: unknown): Promise<void> {
  const node = await releaseOf(parts, first);
  if (node === undefined) return;
  const items = [
    { label: 'Values', part: 'values' as const },
    { label: 'All Values', part: 'allValues' as const },
    { label: 'Manifest', part: 'manifest' as const },
    { label: 'Notes', part: 'notes' as const },
  ];
  const chosen = await pick(items, {
    title: `Show What of ${node.release} with Its Secrets?`,
    placeHolder: 'That they were shown goes into the audit log',
  });
  if (chosen !== undefined) await openPartOf(parts, node, chosen.part, true);
}

/** The release, or revision, of a row; without one, a release that the person chooses of those that are known. */
async function releaseOf(
  { provider }: ClusterParts,
  first: unknown,
): Promise<ReleaseNode | RevisionNode | undefined> {
  const node = nodeOf(first);
  if (node?.kind === 'release' || node?.kind === 'revision') return node;
  const choices = [...provider.releases.all()].map(({ context, release: { name, namespace, chart } }) => ({
    label: name,
    description: [chart, namespace, context].filter(Boolean).join(' · '),
    node: releaseNode(context, namespace, name),
  }));
  if (choices.length === 0) throw new Error('Unfold Helm in the Clusters view first: no release is known.');
  return (await pick(choices, { title: 'Which Release?', matchOnDescription: true }))?.node;
}
