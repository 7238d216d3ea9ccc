import * as vscode from 'vscode';
import { userName } from '../../../agent/client/userName';
import { previewPrune, prune, type PruneKind } from '../../../agent/protocol/containerActions';
import type { RowKind } from '../../../agent/protocol/containers';
import type { Endpoint } from '../../../agent/protocol/endpoints';
import type { ResultOf } from '../../../agent/protocol/message';
import type { EngineFeed } from '../../agent/engineFeed';
import type { AgentClient } from '../../agent/agentClient';
import type { ContainersProvider } from '../../views/containers/containersProvider';
import { isUp } from '../../views/containers/containerWords';
import { sizeText } from '../../views/containers/measures';
import { act } from './act';
import { confirm } from './confirm';
import { placeOf } from './placeOf';
import type { Target, Targets } from './targets';
import type { ContainerRow } from '../../../agent/protocol/containers';
import { pick } from '../../quickInput';

interface Ports {
  readonly agent: AgentClient;
  readonly feed: EngineFeed;
  readonly targets: Targets;
  readonly view: Pick<ContainersProvider, 'underway'>;
}

type Arguments = readonly [unknown, unknown];

/** Removes containers, those that run too, after asking. */
export async function removeContainers(ports: Ports, chosen: Arguments): Promise<void> {
  const { feed, targets } = ports;
  const containers = await targets.containers(chosen, 'Remove Containers', () => true);
  if (containers.length === 0) return;
  const withVolumes = 'Remove with Volumes';
  const answer = await confirm(feed, containers, {
    verb: 'Remove',
    what: 'container',
    also: [withVolumes],
    detail: runningWords(containers),
  });
  if (answer === undefined) return;
  const force = containers.some(({ row }) => isUp(row));
  await act(ports, { do: 'remove', force, volumes: answer === withVolumes }, containers);
}

function runningWords(containers: readonly Target<ContainerRow>[]): string {
  const up = containers.filter(({ row }) => isUp(row)).length;
  const killed =
    up === 0
      ? ''
      : containers.length === 1
        ? 'It runs, and is killed first. '
        : `${String(up)} of them run, and are killed first. `;
  return `${killed}With Volumes also removes the anonymous volumes of what is removed; named volumes stay.`;
}

/** Removes images, volumes or networks after asking. */
export async function removeObjects(
  ports: Ports,
  chosen: Arguments,
  kind: 'image' | 'volume' | 'network',
): Promise<void> {
  const { feed, targets } = ports;
  const objects: Target[] = await targets.objects(chosen, kind, `Remove ${titles[kind]}`);
  if (objects.length === 0) return;
  const answer = await confirm(feed, objects, {
    verb: 'Remove',
    what: kind,
    detail: [
      usedWords(feed, objects),
      namesWords(objects),
      kind === 'volume' ? 'What is in a volume is lost.' : '',
    ]
      .join(' ')
      .trim(),
  });
  if (answer === undefined) return;
  await act(ports, actions[kind], objects);
}

/** Which containers use what is to be removed: the engine will refuse it. */
function usedWords(feed: EngineFeed, objects: readonly Target[]): string {
  const names = objects.flatMap(({ endpoint, row }) => {
    const containers = feed.mirror(endpoint)?.rows('container');
    return 'usedBy' in row ? row.usedBy.map(id => containers?.get(id)?.name ?? id.slice(0, 12)) : [];
  });
  const [shown, more] = [[...new Set(names)].slice(0, 5), new Set(names).size - 5];
  return shown.length === 0
    ? ''
    : `In use by ${shown.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}.`;
}

/** An image goes with all its names. */
function namesWords(objects: readonly Target[]): string {
  const several = objects.flatMap(({ row }) =>
    row.kind === 'image' && row.tags.length > 1 ? [row.tags] : [],
  );
  return several.map(tags => `It goes with all its names: ${tags.slice(0, 5).join(', ')}.`).join(' ');
}

const titles = { image: 'Images', volume: 'Volumes', network: 'Networks' } as const;

const actions = {
  image: { do: 'removeImage', force: false },
  volume: { do: 'removeVolume', force: false },
  network: { do: 'removeNetwork' },
} as const;

/** Removes what is not used, after showing what that is and how much. */
export async function pruneEngine({ agent, targets }: Ports, first: unknown): Promise<void> {
  const endpoint = await targets.endpoint(first, 'Prune');
  if (endpoint === undefined) return;
  const chosen = await chooseKind(agent, endpoint, sectionOf(first));
  if (chosen === undefined) return;
  const { prunes: kind, label, preview } = chosen;
  if (preview.count === 0)
    return void vscode.window.showInformationMessage(
      `${label}: there is nothing to remove on ${endpoint.name}.`,
    );
  const size = preview.bytes === undefined ? '' : ` and reclaim ${sizeText(preview.bytes)}`;
  const left = preview.count - Math.min(namedAtMost, preview.names.length);
  const names = [...preview.names.slice(0, namedAtMost), ...(left > 0 ? [`and ${String(left)} more`] : [])];
  const yes = { title: 'Prune' };
  const answer = await vscode.window.showWarningMessage<vscode.MessageItem>(
    `${label}: remove ${String(preview.count)}${size} on ${placeOf(endpoint)}?`,
    { modal: true, detail: `${names.join('\n')}\n\n${preview.command}` },
    { title: 'Do Not Prune', isCloseAffordance: true },
    yes,
  );
  if (answer !== yes) return;
  const progress = { location: vscode.ProgressLocation.Notification, title: `Pruning on ${endpoint.name}` };
  const { count, bytes } = await vscode.window.withProgress(progress, () =>
    agent.request(prune, { endpoint: endpoint.id, kind, by: userName(process.env) }),
  );
  void vscode.window.showInformationMessage(
    `${label}: ${String(count)} removed, ${sizeText(bytes)} reclaimed on ${endpoint.name}.`,
  );
}

const namedAtMost = 15;

type Pruned = (typeof pruneKinds)[number] & { readonly preview: ResultOf<typeof previewPrune> };

/** What of an engine, or of the section that a person chose; each with what there is of it to remove. */
async function chooseKind(
  agent: AgentClient,
  endpoint: Endpoint,
  section: RowKind | undefined,
): Promise<Pruned | undefined> {
  const offered = pruneKinds.filter(({ of }) => section === undefined || of === section);
  const looked = lookAll(agent, endpoint, offered);
  if (offered.length === 1) return (await looked)[0];
  return pick(looked, { title: `Prune on ${placeOf(endpoint)}` });
}

/** One after the other: an engine looks at its disks for one request at a time, and refuses another one meanwhile. */
async function lookAll(agent: AgentClient, endpoint: Endpoint, kinds: typeof pruneKinds): Promise<Pruned[]> {
  const looked: Pruned[] = [];
  for (const kind of kinds) {
    const preview = await agent.request(previewPrune, { endpoint: endpoint.id, kind: kind.prunes });
    const size = preview.bytes === undefined || preview.count === 0 ? [] : [sizeText(preview.bytes)];
    const words = preview.count === 0 ? ['nothing'] : [String(preview.count), ...size];
    const about = kind.description === undefined ? [] : [kind.description];
    looked.push({ ...kind, preview, description: [...words, ...about].join(' · ') });
  }
  return looked;
}

function sectionOf(first: unknown): RowKind | undefined {
  const { kind, of } = (first ?? {}) as { kind?: unknown; of?: RowKind };
  return kind === 'section' ? of : undefined;
}

const pruneKinds: readonly (vscode.QuickPickItem & { prunes: PruneKind; of?: RowKind })[] = [
  { label: 'Stopped containers', prunes: 'containers', of: 'container' },
  { label: 'Dangling images', description: 'without a name', prunes: 'danglingImages', of: 'image' },
  { label: 'Unused images', description: 'all that no container uses', prunes: 'images', of: 'image' },
  { label: 'Unused volumes', description: 'with what is in them', prunes: 'volumes', of: 'volume' },
  { label: 'Unused networks', prunes: 'networks', of: 'network' },
  { label: 'Build cache', prunes: 'buildCache' },
];
