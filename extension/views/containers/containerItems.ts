import * as vscode from 'vscode';
import type {
  ContainerRow,
  ImageRow,
  NetworkRow,
  RowKind,
  VolumeRow,
} from '../../../agent/protocol/containers';
import type { Endpoint } from '../../../agent/protocol/endpoints';
import { treeItems } from '../../commands/names';
import {
  conditionOf,
  containerDescription,
  partText,
  shortName,
  staleDescription,
  type Condition,
} from './containerWords';
import type { BundleNode, MessageNode, ObjectNode, SectionNode } from './containerNode';
import { nameOf } from './containerTree';
import type { Underway } from './underway';
import { imageDescription, imageName, networkDescription, volumeDescription } from './objectWords';
import type { Stats } from '../../../agent/protocol/containers';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** The row of an engine. */
export function endpointItem({ id, name, state }: Endpoint, description: string): vscode.TreeItem {
  const item = new vscode.TreeItem(name, Collapsed);
  item.id = id;
  item.description = description;
  const [symbol, colour] = endpointIcons[state.kind];
  item.iconPath = icon(symbol, colour);
  item.contextValue = endpointContexts[state.kind];
  item.accessibilityInformation = { label: `${name}, engine, ${description}` };
  return item;
}

/** The row above all of a kind. */
export function sectionItem({ id, of }: SectionNode, description: string): vscode.TreeItem {
  const [label, symbol, context] = sections[of];
  const item = new vscode.TreeItem(label, of === 'container' ? Expanded : Collapsed);
  item.id = id;
  item.description = description;
  item.iconPath = icon(symbol);
  item.contextValue = context;
  item.accessibilityInformation = { label: [label, description].filter(Boolean).join(', ') };
  return item;
}

/** The row of containers that belong together. */
export function bundleItem(
  { id, by }: BundleNode,
  rows: readonly ContainerRow[],
  live: boolean,
): vscode.TreeItem {
  const label = nameOf(by);
  const item = new vscode.TreeItem(label, Collapsed);
  item.id = id;
  const problems = rows.filter(row => conditionOf(row) === 'problem').length;
  const said = [partText(rows), ...(problems === 0 ? [] : [`${String(problems)} with a problem`])].join(
    ' · ',
  );
  item.description = live ? said : `was ${said}`;
  item.iconPath = icon('layers', live ? (problems > 0 ? problemColour : undefined) : fadedColour);
  const what = 'label' in by ? by.label : by.service === undefined ? 'project' : 'service';
  item.contextValue =
    'label' in by ? treeItems.labelled : by.service === undefined ? treeItems.project : treeItems.service;
  item.tooltip = `${what} ${label}: ${said}`;
  item.accessibilityInformation = { label: `${what} ${label}, ${item.description}` };
  return item;
}

/** The row of a container. `within`: it stands below its project, so that its service's name is enough. */
export function containerItem(
  { id }: ObjectNode,
  row: ContainerRow,
  {
    live,
    within,
    ...said
  }: {
    live: boolean;
    within: boolean;
    now: number;
    stats: Stats | undefined;
    underway: Underway | undefined;
  },
): vscode.TreeItem {
  const label = within ? shortName(row) : row.name;
  const item = new vscode.TreeItem(label, None);
  item.id = id;
  item.description = live ? containerDescription(row, said.now, said) : staleDescription(row);
  const [symbol, colour] = containerIcons[conditionOf(row)];
  item.iconPath = icon(symbol, live ? colour : fadedColour);
  item.contextValue = live ? contextOf(row) : treeItems.containerStale;
  item.accessibilityInformation = { label: `${label}, container, ${row.state}, ${item.description}` };
  return item;
}

function contextOf({ state, ports }: ContainerRow): string {
  const published = ports.some(port => port.public !== undefined && port.protocol === 'tcp');
  return state === 'running' && published ? treeItems.containerPublished : containerContexts[state];
}

export function imageItem({ id }: ObjectNode, row: ImageRow, now: number): vscode.TreeItem {
  return plainItem(id, imageName(row), imageDescription(row, now), 'package', treeItems.image, 'image');
}

export function volumeItem({ id }: ObjectNode, row: VolumeRow): vscode.TreeItem {
  return plainItem(id, row.id, volumeDescription(row), 'database', treeItems.volume, 'volume');
}

export function networkItem({ id }: ObjectNode, row: NetworkRow): vscode.TreeItem {
  return plainItem(id, row.name, networkDescription(row), 'type-hierarchy', treeItems.network, 'network');
}

export function messageItem(node: MessageNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.text);
  item.id = node.id;
  if (node.description !== undefined) item.description = node.description;
  item.tooltip = node.tooltip ?? [node.text, node.description ?? ''].join(' ').trim();
  if (node.icon !== undefined) item.iconPath = icon(node.icon);
  if (node.command !== undefined) item.command = node.command;
  item.accessibilityInformation = {
    label: [node.text, node.description ?? ''].join(' ').trim(),
    ...(node.command === undefined ? {} : { role: 'button' }),
  };
  return item;
}

function plainItem(
  id: string,
  label: string,
  description: string,
  symbol: string,
  context: string,
  what: string,
): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.id = id;
  item.description = description;
  item.iconPath = icon(symbol);
  item.contextValue = context;
  item.accessibilityInformation = { label: `${label}, ${what}, ${description}` };
  return item;
}

const problemColour = 'testing.iconFailed';
const fadedColour = 'disabledForeground';

function icon(symbol: string, colour?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(symbol, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

const endpointIcons: Readonly<Record<Endpoint['state']['kind'], readonly [string, string?]>> = {
  idle: ['plug'],
  connecting: ['sync'],
  connected: ['server', 'testing.iconPassed'],
  failed: ['error', problemColour],
};

const endpointContexts = {
  idle: treeItems.endpointIdle,
  connecting: treeItems.endpointConnecting,
  connected: treeItems.endpointConnected,
  failed: treeItems.endpointFailed,
} as const satisfies Record<Endpoint['state']['kind'], string>;

const sections = {
  container: ['Containers', 'server-process', treeItems.containers],
  image: ['Images', 'package', treeItems.images],
  volume: ['Volumes', 'database', treeItems.volumes],
  network: ['Networks', 'type-hierarchy', treeItems.networks],
} as const satisfies Record<RowKind, readonly [string, string, string]>;

const containerContexts = {
  created: treeItems.containerStopped,
  running: treeItems.containerRunning,
  paused: treeItems.containerPaused,
  restarting: treeItems.containerRestarting,
  removing: treeItems.containerStale,
  exited: treeItems.containerStopped,
  dead: treeItems.containerStopped,
} as const satisfies Record<ContainerRow['state'], string>;

const containerIcons: Readonly<Record<Condition, readonly [string, string?]>> = {
  healthy: ['pass-filled', 'testing.iconPassed'],
  running: ['circle-filled', 'testing.iconPassed'],
  starting: ['circle-filled', 'testing.iconQueued'],
  paused: ['debug-pause', 'testing.iconQueued'],
  created: ['circle-outline', 'testing.iconSkipped'],
  stopped: ['circle-outline', 'testing.iconSkipped'],
  leaving: ['trash', 'testing.iconSkipped'],
  restarting: ['sync', 'list.warningForeground'],
  problem: ['error', problemColour],
};
