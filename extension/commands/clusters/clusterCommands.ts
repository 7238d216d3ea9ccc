import * as vscode from 'vscode';
import { getObject, listEvents, type ObjectRef } from '../../../agent/protocol/clusterObjects';
import { sayTime } from '../../../agent/protocol/words';
import type { Folders } from '../../../agent/folders';
import type { AgentClient } from '../../agent/agentClient';
import type { AgentStreams } from '../../agent/agentStreams';
import type { ClusterFeed } from '../../agent/clusterFeed';
import type { Manifests } from '../../clusters/openManifests';
import type { PortForwards } from '../../clusters/portForwards';
import type { LogPanels } from '../../logs/logPanels';
import { askText, pick } from '../../quickInput';
import type { ClusterChoices } from '../../views/clusters/clusterChoices';
import type { ClustersProvider } from '../../views/clusters/clustersProvider';
import type { TextPages } from '../containers/textPages';
import { textTable } from '../containers/textTable';
import type { commands } from '../names';
import type { Allowed } from './allowed';
import { addKubeconfig } from './addKubeconfig';
import { namespaceOf, nodeOf, objectOf } from './chosen';

/** What commands on clusters work with. */
export interface ClusterParts {
  readonly agent: AgentClient;
  readonly streams: AgentStreams;
  readonly logs: LogPanels;
  readonly forwards: PortForwards;
  readonly allowed: Allowed;
  readonly folders: Folders;
  readonly feed: ClusterFeed;
  readonly choices: ClusterChoices;
  readonly provider: ClustersProvider;
  readonly texts: TextPages;
  readonly manifests: Manifests;
}

/** The commands of the Clusters view, by their keys. */
export function clusterCommands(parts: ClusterParts) {
  const { feed, folders, provider, choices } = parts;
  return {
    refreshClusters: () => feed.list(),
    addKubeconfig: () => addKubeconfig(folders),
    retryContext: first => withContext(parts, first, context => provider.connect(context)),
    letContextGo: first => withContext(parts, first, context => provider.letGo(context)),
    filterClusters: () => askFilter(choices),
    clearClusterFilter: () => choices.set({ filter: '' }),
    showNamespace: first => withContext(parts, first, context => askNamespace(choices, context)),
    addFavourite: first => favour(parts, first, true),
    removeFavourite: first => favour(parts, first, false),
    openYaml: first => openYaml(parts, first),
    showEvents: first => showEvents(parts, first),
    copyClusterName: first => copyName(parts, first),
  } satisfies Partial<Record<keyof typeof commands, (first: unknown) => unknown>>;
}

async function withContext(
  { feed }: ClusterParts,
  first: unknown,
  use: (context: string) => Promise<unknown>,
): Promise<void> {
  const given = nodeOf(first)?.context;
  if (given !== undefined) return void (await use(given));
  if (feed.found === undefined) await feed.list();
  const choices = (feed.found?.contexts ?? []).map(({ id, name, server }) => ({
    ...{ label: name, description: server, id },
  }));
  const chosen = await pick(choices, { title: 'Which Context?' });
  if (chosen !== undefined) await use(chosen.id);
}

async function askFilter(choices: ClusterChoices): Promise<void> {
  const filter = await askText({
    title: 'Filter Clusters',
    prompt: 'Parts of the names of namespaces and objects',
    value: choices.now.filter,
  });
  if (filter !== undefined) await choices.set({ filter: filter.trim() });
}

/** Shows a namespace that may not be listed, or is not there yet. */
async function askNamespace(choices: ClusterChoices, context: string): Promise<void> {
  const name = await askText({
    title: 'Show a Namespace',
    prompt: 'Its name',
    validateInput: text => (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text) ? undefined : namesAre),
  });
  if (name === undefined || name === '') return;
  const known = choices.now.named[context] ?? [];
  await choices.set({ named: { ...choices.now.named, [context]: [...new Set([...known, name])] } });
}

const namesAre = 'Small letters, digits and hyphens, at most 63.';

async function favour(parts: ClusterParts, first: unknown, wanted: boolean): Promise<void> {
  const { choices } = parts;
  const { favourites } = choices.now;
  const isFavourite = (one: { context: string; namespace: string }) =>
    (favourites[one.context] ?? []).includes(one.namespace);
  const title = wanted ? 'Add Which Namespace?' : 'Remove Which Namespace?';
  const chosen = await namespaceOf(parts, first, title, one => isFavourite(one) !== wanted);
  if (chosen === undefined) return;
  const { context, namespace } = chosen;
  const others = (favourites[context] ?? []).filter(name => name !== namespace);
  const own = wanted ? [...others, namespace] : others;
  await choices.set({ favourites: { ...favourites, [context]: own } });
}

/** Shows an object as its API server has it; the values of a Secret stay hidden. */
async function openYaml(parts: ClusterParts, first: unknown): Promise<void> {
  const chosen = await objectOf(parts, first, 'YAML of What?');
  if (chosen === undefined) return;
  const { context, object } = chosen;
  const { yaml } = await parts.agent.request(getObject, { context, object, by: 'editor' });
  await parts.texts.show(`${object.name}.yaml`, keyOf(context, object), yaml);
}

async function showEvents(parts: ClusterParts, first: unknown): Promise<void> {
  const chosen = await objectOf(parts, first, 'Events of What?');
  if (chosen === undefined) return;
  const { context, object, uid } = chosen;
  const { events } = await parts.agent.request(listEvents, { context, object, uid });
  const rows = events.map(({ type, reason, message, count, lastAt, source }) => [
    ...[sayTime(lastAt), type, count > 1 ? `${reason} ×${String(count)}` : reason, source, message],
  ]);
  const table = textTable(['last seen', 'type', 'reason', 'from', 'message'], rows);
  const text = rows.length > 0 ? table : 'The cluster has no events of it; it keeps them for an hour.\n';
  await parts.texts.show(`${object.name} events.txt`, keyOf(context, object), text);
}

async function copyName(parts: ClusterParts, first: unknown): Promise<void> {
  const node = nodeOf(first);
  const name =
    node?.kind === 'container'
      ? node.container.name
      : node?.kind === 'namespace'
        ? node.namespace
        : node?.kind === 'context'
          ? node.context
          : (await objectOf(parts, first, 'Name of What?'))?.object.name;
  if (name !== undefined) await vscode.env.clipboard.writeText(name);
}

function keyOf(context: string, { kind, namespace, name }: ObjectRef): string {
  return JSON.stringify([context, kind, namespace ?? '', name]);
}
