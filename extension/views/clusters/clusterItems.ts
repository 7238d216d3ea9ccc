import * as vscode from 'vscode';
import type { HelmRelease } from '../../../agent/protocol/clusterHelm';
import type { PodContainer } from '../../../agent/protocol/clusterObjects';
import type { ClusterRow, Column, Problem, RowState } from '../../../agent/protocol/clusters';
import type { Context } from '../../../agent/protocol/contexts';
import { treeItems } from '../../commands/names';
import { ageText } from '../containers/measures';
import type {
  KindNode,
  NamespaceNode,
  ObjectNode,
  PodContainerNode,
  ReleaseNode,
  RevisionNode,
  SectionNode,
} from './clusterNode';
import { objectDescription } from './clusterWords';
import { podKindOf } from './podKinds';
import { releaseWords } from './helmRows';
import { sections } from './sections';

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

export function contextItem({ id, name, state, production }: Context, description: string): vscode.TreeItem {
  const [symbol, colour] = contextIcons[state.kind];
  const isWarned = production && state.kind === 'connected';
  return itemOf(id, name, Collapsed, {
    ...{ description, what: 'context', contextValue: contextValues[state.kind] },
    icon: isWarned ? iconOf('shield', 'list.warningForeground') : iconOf(symbol, colour),
  });
}

export function namespaceItem(
  { id, namespace }: NamespaceNode,
  { favourite, current, problem }: { favourite: boolean; current: boolean; problem: Problem | undefined },
): vscode.TreeItem {
  const words = [current ? 'of the context' : '', problem?.reason ?? '', problem?.message ?? ''];
  const symbol = problem === undefined ? 'symbol-namespace' : 'trash';
  return itemOf(id, namespace, Collapsed, {
    ...{ description: words.filter(word => word !== '').join(' · '), what: 'namespace' },
    contextValue: favourite ? treeItems.namespaceFavourite : treeItems.namespace,
    icon: iconOf(favourite ? 'star-full' : symbol, problem && 'list.warningForeground'),
  });
}

/** `counts`: undefined where nothing is known yet. */
export function sectionItem(
  { id, section }: SectionNode,
  counts: { all: number; problems: number } | undefined,
): vscode.TreeItem {
  const { label, icon: symbol } = sections[section];
  return itemOf(id, label, Collapsed, {
    ...{ description: countWords(counts), what: 'group', contextValue: treeItems.clusterSection },
    icon: iconOf(symbol, (counts?.problems ?? 0) > 0 ? 'testing.iconFailed' : undefined),
  });
}

export function kindItem(
  { id, of }: KindNode,
  counts: { all: number; problems: number } | undefined,
): vscode.TreeItem {
  const [plural = of, ...group] = of.split('.');
  return itemOf(id, plural, Collapsed, {
    description: [group.join('.'), countWords(counts)].filter(word => word !== '').join(' · '),
    ...{ what: 'kind', contextValue: treeItems.clusterSection, icon: iconOf('symbol-class') },
  });
}

/** What an object's row is drawn with. */
interface Drawn {
  readonly columns: readonly Column[];
  readonly live: boolean;
  readonly opens: boolean;
  readonly now: number;
  /** `12m · 34 MiB`, where it is measured. */
  readonly usage: string | undefined;
  /** What can be done with it, and not, as `waysText` gives it. */
  readonly can: string;
}

export function objectItem(
  { id, of }: ObjectNode,
  row: ClusterRow,
  { columns, live, opens, now, usage, can }: Drawn,
): vscode.TreeItem {
  const said = objectDescription(row, columns, now);
  const [symbol, colour] = stateIcons[row.problem?.severity === 'warning' ? 'warning' : row.state];
  return itemOf(id, row.name, opens ? Collapsed : None, {
    ...{ description: live ? [said, usage].filter(Boolean).join(' · ') : `was ${said}`, what: of },
    contextValue: `${contextValueOf(of)}${can}`,
    icon: iconOf(row.state === 'unknown' ? kindIcon(of) : symbol, live ? colour : 'disabledForeground'),
  });
}

function contextValueOf(of: string): string {
  const own = Object.hasOwn(ownMenus, of) ? ownMenus[of] : undefined;
  return own ?? (podKindOf(of) === undefined ? treeItems.clusterObject : treeItems.workload);
}

/** Kinds that there is something of their own to do with. */
const ownMenus: Readonly<Record<string, string>> = {
  pods: treeItems.pod,
  'deployments.apps': treeItems.deployment,
  'statefulsets.apps': treeItems.statefulSet,
  'daemonsets.apps': treeItems.daemonSet,
  'replicasets.apps': treeItems.replicaSet,
  'jobs.batch': treeItems.job,
  'cronjobs.batch': treeItems.cronJob,
  nodes: treeItems.node,
  secrets: treeItems.secret,
};

export function podContainerItem({ id, container }: PodContainerNode, now: number): vscode.TreeItem {
  const [symbol, colour] = stateIcons[containerState(container)];
  return itemOf(id, container.name, None, {
    ...{ description: podContainerWords(container, now), what: container.type },
    ...{ contextValue: treeItems.podContainer, icon: iconOf(symbol, colour) },
  });
}

export function releaseItem(
  { id, release: name }: ReleaseNode,
  release: HelmRelease | undefined,
  now: number,
): vscode.TreeItem {
  const [symbol, colour] = stateIcons[releaseState(release)];
  return itemOf(id, name, Collapsed, {
    ...{ description: release === undefined ? '' : releaseWords(release, now), what: 'Helm release' },
    ...{ contextValue: treeItems.release, icon: iconOf(symbol, colour) },
  });
}

export function revisionItem({ id, revision }: RevisionNode, now: number): vscode.TreeItem {
  return itemOf(id, `revision ${String(revision.revision)}`, None, {
    ...{ description: releaseWords(revision, now, true), what: 'Helm revision' },
    ...{ contextValue: treeItems.revision, icon: iconOf('git-commit') },
  });
}

function releaseState(release: HelmRelease | undefined): RowState | 'warning' {
  if (release?.problem !== undefined) return release.problem.severity === 'error' ? 'failed' : 'warning';
  return release?.status === 'deployed' ? 'ok' : 'unknown';
}

/** `running 3 h · 2 restarts`, `CrashLoopBackOff · Error (exit 1) 2 min ago`. */
export function podContainerWords(
  { type, state, reason, exit, since, restarts, last }: PodContainer,
  now: number,
): string {
  const ended = exit === undefined ? '' : ` (exit ${String(exit)})`;
  const age = since === undefined || state === 'waiting' ? '' : ` ${ageText(now - since)}`;
  const how = state === 'running' ? `running${age}` : `${reason ?? state}${ended}`;
  const before =
    last === undefined
      ? ''
      : `last ${last.reason}${last.at === undefined ? '' : ` ${ageText(now - last.at)} ago`}`;
  const words = [
    type === 'container' ? '' : type,
    how,
    restarts > 0 ? `${String(restarts)} restart${restarts === 1 ? '' : 's'}` : '',
    before,
  ];
  return words.filter(word => word !== '').join(' · ');
}

/** A row as VS Code draws and reads it; `what` it is, for those who hear it. */
export function itemOf(
  id: string,
  label: string,
  opens: vscode.TreeItemCollapsibleState,
  more: { description: string; what: string; contextValue: string; icon: vscode.ThemeIcon },
): vscode.TreeItem {
  const item = new vscode.TreeItem(label, opens);
  item.id = id;
  item.description = more.description;
  item.contextValue = more.contextValue;
  item.iconPath = more.icon;
  item.accessibilityInformation = {
    label: [label, more.what, more.description].filter(word => word !== '').join(', '),
  };
  return item;
}

function countWords(counts: { all: number; problems: number } | undefined): string {
  if (counts === undefined) return '';
  const { all, problems } = counts;
  return problems === 0 ? String(all) : `${String(all)} · ${String(problems)} with a problem`;
}

function containerState({ state, ready, reason = '', exit }: PodContainer): RowState {
  if (state === 'running') return ready ? 'ok' : 'progressing';
  if (state === 'ended') return exit === 0 ? 'done' : 'failed';
  if (state === 'waiting') return /BackOff|Err|Invalid|Failed/.test(reason) ? 'failed' : 'progressing';
  return 'unknown';
}

/** A symbol of VS Code, in a colour of the theme. */
export function iconOf(symbol: string, colour?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(symbol, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

const contextIcons: Readonly<Record<Context['state']['kind'], readonly [string, string?]>> = {
  idle: ['plug'],
  connecting: ['sync'],
  connected: ['globe', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
};

const contextValues = {
  idle: treeItems.contextIdle,
  connecting: treeItems.contextConnecting,
  connected: treeItems.contextConnected,
  failed: treeItems.contextFailed,
} as const satisfies Record<Context['state']['kind'], string>;

const stateIcons: Readonly<Record<RowState | 'warning', readonly [string, string?]>> = {
  ok: ['pass-filled', 'testing.iconPassed'],
  progressing: ['circle-filled', 'testing.iconQueued'],
  failed: ['error', 'testing.iconFailed'],
  done: ['pass', 'testing.iconSkipped'],
  terminating: ['trash', 'testing.iconSkipped'],
  warning: ['warning', 'list.warningForeground'],
  unknown: ['circle-outline'],
};

/** Of kinds of which nothing tells how they are. */
const kindIcons: Readonly<Record<string, string>> = {
  services: 'globe',
  configmaps: 'file',
  secrets: 'lock',
  events: 'history',
  'ingresses.networking.k8s.io': 'link-external',
};

function kindIcon(kind: string): string {
  return kindIcons[kind] ?? 'circle-outline';
}
