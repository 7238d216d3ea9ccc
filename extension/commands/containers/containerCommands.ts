import * as vscode from 'vscode';
import type { ContainerAction } from '../../../agent/protocol/containerActions';
import type { ContainerRow } from '../../../agent/protocol/containers';
import type { Folders } from '../../../agent/folders';
import type { AgentClient } from '../../agent/agentClient';
import type { AgentStreams } from '../../agent/agentStreams';
import type { EngineFeed } from '../../agent/engineFeed';
import type { LogPanels } from '../../logs/logPanels';
import { openContainerTerminal } from '../../containers/openTerminal';
import { isUp } from '../../views/containers/containerWords';
import type { ContainersProvider } from '../../views/containers/containersProvider';
import type { TreeChoices } from '../../views/containers/treeChoices';
import type { commands } from '../names';
import { act } from './act';
import { showAsCommand } from './asCommand';
import { addEndpoint, installEngine, openEngineFile } from './endpointCommands';
import { browseFiles } from './browsing';
import { compose } from './composing';
import { checkCommand, checkName } from './checks';
import { pullImage, runImage } from './imageCommands';
import { showImageHistory } from './imageHistory';
import { inspect, revealEnvironment, showEnvironment, showProcesses } from './inspecting';
import { openMount, openPort } from './opening';
import { pruneEngine, removeContainers, removeObjects } from './removing';
import { killContainers } from './signals';
import { splitCommand } from './splitCommand';
import { showLogs } from './logCommands';
import { objectName } from '../../views/containers/objectWords';
import type { Targets } from './targets';
import type { TextPages } from './textPages';
import { askContainerFilter, askGrouping } from './viewCommands';
import { askText } from '../../quickInput';

/** What commands on containers act on. */
export interface ContainerParts {
  readonly agent: AgentClient;
  readonly streams: AgentStreams;
  readonly feed: EngineFeed;
  readonly folders: Folders;
  readonly view: ContainersProvider;
  readonly choices: TreeChoices;
  readonly targets: Targets;
  readonly texts: TextPages;
  readonly logs: LogPanels;
}

/** `first`: the row of a menu; `second`: all rows that are selected. */
type Handler = (first: unknown, second: unknown) => unknown;
type Handlers = Partial<Record<keyof typeof commands, Handler>>;

/** The commands of the Containers view. Those that ask an engine are for trusted workspaces only. */
export function containerCommands(parts: ContainerParts) {
  const { targets } = parts;
  return {
    ...stateCommands(parts),
    ...lookingCommands(parts),
    ...endpointHandlers(parts),
    killContainer: (first, second) => killContainers(parts, [first, second]),
    renameContainer: first => rename(parts, first),
    removeContainer: (first, second) => removeContainers(parts, [first, second]),
    removeImage: (first, second) => removeObjects(parts, [first, second], 'image'),
    removeVolume: (first, second) => removeObjects(parts, [first, second], 'volume'),
    removeNetwork: (first, second) => removeObjects(parts, [first, second], 'network'),
    pruneEngine: first => pruneEngine(parts, first),
    pullImage: first => pullImage(parts, first),
    runImage: first => runImage(parts, first),
    compose: first => compose(parts, first),
    browseFiles: first => browseFiles(parts, first),
    showLogs: (first, second) => showLogs(parts, [first, second]),
    openShell: async (first, second) => {
      for (const container of await targets.containers([first, second], 'Open a Shell in', isRunning))
        openIn(parts, container);
    },
    execInContainer: first => exec(parts, first),
  } satisfies Handlers;
}

function stateCommands(parts: ContainerParts) {
  const { targets } = parts;
  const on =
    (action: ContainerAction, title: string, fits: (row: ContainerRow) => boolean): Handler =>
    async (first, second) =>
      act(parts, action, await targets.containers([first, second], title, fits));
  return {
    startContainer: on({ do: 'start' }, 'Start Containers', row => !isUp(row)),
    stopContainer: on({ do: 'stop' }, 'Stop Containers', isUp),
    restartContainer: on({ do: 'restart' }, 'Restart Containers', () => true),
    pauseContainer: on({ do: 'pause' }, 'Pause Containers', isRunning),
    unpauseContainer: on({ do: 'unpause' }, 'Unpause Containers', ({ state }) => state === 'paused'),
  } satisfies Handlers;
}

function lookingCommands(parts: ContainerParts) {
  const { targets } = parts;
  const copy =
    (text: (target: Awaited<ReturnType<Targets['anything']>>[number]) => string): Handler =>
    async (first, second) => {
      const found = await targets.anything([first, second], 'Copy');
      if (found.length === 0) return;
      await vscode.env.clipboard.writeText(found.map(text).join('\n'));
      vscode.window.setStatusBarMessage('Copied.', 3000);
    };
  return {
    inspectObject: (first, second) => inspect(parts, [first, second], 'yaml'),
    inspectObjectAsJson: (first, second) => inspect(parts, [first, second], 'json'),
    listProcesses: first => showProcesses(parts, first),
    showImageHistory: first => showImageHistory(parts, first),
    showEnvironment: first => showEnvironment(parts, first),
    revealEnvironment: first =>
      revealEnvironment(parts, first ?? vscode.window.activeTextEditor?.document.uri),
    openPort: first => openPort(parts, first),
    openMount: first => openMount(parts, first),
    copyObjectName: copy(({ row }) => objectName(row)),
    copyObjectId: copy(({ row }) => row.id),
    showAsCommand: (first, second) => showAsCommand(parts, [first, second]),
  } satisfies Handlers;
}

function endpointHandlers({ feed, folders, targets, view, choices }: ContainerParts) {
  return {
    addEndpoint: () => addEndpoint(folders),
    installEngine: () => installEngine(),
    openEngineFile: first => openEngineFile(first),
    retryEndpoint: async first => {
      const endpoint = await targets.endpoint(first, 'Connect');
      if (endpoint !== undefined) await view.connect(endpoint.id);
    },
    letEndpointGo: async first => {
      const endpoint = await targets.endpoint(first, 'Disconnect');
      if (endpoint !== undefined) await view.letGo(endpoint.id);
    },
    refreshContainers: () => feed.list(),
    filterContainers: () => askContainerFilter(choices),
    clearContainerFilter: () => choices.set({ filter: '' }),
    groupContainers: () => askGrouping(feed, choices),
    hideStopped: () => choices.set({ hideStopped: true }),
    showStopped: () => choices.set({ hideStopped: false }),
  } satisfies Handlers;
}

async function rename(parts: ContainerParts, first: unknown): Promise<void> {
  const target = await parts.targets.container(first, 'Rename Which Container?', () => true);
  if (target === undefined) return;
  const name = await askText({
    title: `Rename ${target.row.name}`,
    value: target.row.name,
    validateInput: text => (text === '' ? 'A container has a name.' : checkName(text)),
  });
  if (name !== undefined && name !== target.row.name) await act(parts, { do: 'rename', name }, [target]);
}

async function exec(parts: ContainerParts, first: unknown): Promise<void> {
  const target = await parts.targets.container(first, 'Run a Command in Which Container?', isRunning);
  if (target === undefined) return;
  const line = await askText({
    title: `Run a Command in ${target.row.name}`,
    prompt: 'A program and its arguments; for pipes and variables: sh -c "…"',
    validateInput: checkCommand,
  });
  const command = splitCommand(line ?? '');
  if (command.length > 0) openIn(parts, target, command);
}

function openIn(
  parts: ContainerParts,
  { endpoint, row }: { readonly endpoint: string; readonly row: ContainerRow },
  command?: readonly string[],
): void {
  openContainerTerminal(parts, { endpoint, id: row.id, name: row.name }, command);
}

function isRunning({ state }: ContainerRow): boolean {
  return state === 'running';
}
