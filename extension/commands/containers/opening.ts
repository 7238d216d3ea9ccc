import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { inspectObject, type Port } from '../../../agent/protocol/containers';
import type { EngineFeed } from '../../agent/engineFeed';
import type { AgentClient } from '../../agent/agentClient';
import { portAddress } from './portAddress';
import type { Targets } from './targets';
import { pick } from '../../quickInput';

interface Ports {
  readonly agent: AgentClient;
  readonly feed: EngineFeed;
  readonly targets: Targets;
}

/** Opens a published port of a container in the browser. */
export async function openPort({ feed, targets }: Ports, first: unknown): Promise<void> {
  const target = await targets.container(
    first,
    'Open a Port of Which Container?',
    row => published(row.ports).length > 0,
  );
  if (target === undefined) return;
  const address = feed.endpoint(target.endpoint)?.address ?? '';
  const choices = published(target.row.ports).map(port => ({
    label: portAddress(port, address),
    description: `${String(port.private)}/${port.protocol} of ${target.row.name}`,
  }));
  if (choices.length === 0) throw new Error(`${target.row.name} publishes no TCP port now.`);
  const chosen = choices.length === 1 ? choices[0] : await pick(choices, { title: 'Open Port' });
  if (chosen !== undefined) await vscode.env.openExternal(vscode.Uri.parse(chosen.label, true));
}

/** Each port once, though it be published on IPv4 and IPv6. */
function published(ports: readonly Port[]): Port[] {
  const open = ports.filter(port => port.public !== undefined && port.protocol === 'tcp');
  return [...new Map(open.map(port => [port.public, port])).values()];
}

/** A mount as an engine tells of it; from another process, so nothing is taken for granted. */
interface Mount {
  readonly Type?: unknown;
  readonly Source?: unknown;
  readonly Destination?: unknown;
  readonly RW?: unknown;
}

/** Opens what is mounted into a container, where it lies on this machine. */
export async function openMount({ agent, feed, targets }: Ports, first: unknown): Promise<void> {
  const target = await targets.container(first, 'Open a Mount of Which Container?', () => true);
  if (target === undefined) return;
  const { endpoint, row } = target;
  const { found } = await agent.request(inspectObject, { endpoint, kind: 'container', id: row.id });
  const mounts = mountsOf(found['Mounts']);
  if (mounts.length === 0) throw new Error(`Nothing is mounted into ${row.name}.`);
  const chosen =
    mounts.length === 1 ? mounts[0] : await pick(mounts, { title: `Open a Mount of ${row.name}` });
  if (chosen === undefined) return;
  const address = feed.endpoint(endpoint)?.address ?? '';
  if (!/^(unix|npipe):/.test(address))
    throw new Error(`${chosen.label} lies on the engine’s machine (${address}), not on this one.`);
  await openPath(chosen.label);
}

function mountsOf(mounts: unknown): vscode.QuickPickItem[] {
  if (!Array.isArray(mounts)) return [];
  return (mounts as Mount[]).flatMap(({ Type, Source, Destination, RW }) =>
    typeof Source === 'string' && typeof Destination === 'string' && Source !== ''
      ? [
          {
            label: Source,
            description: `${Type === 'volume' ? 'volume' : 'folder'} at ${Destination}${RW === false ? ', read-only' : ''}`,
          },
        ]
      : [],
  );
}

async function openPath(path: string): Promise<void> {
  const uri = vscode.Uri.file(path);
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'EACCES'
        ? 'may not be read by you'
        : 'cannot be found on this machine';
    throw new Error(`${path} ${why}.`, { cause });
  }
  if (!isFolder) return void (await vscode.commands.executeCommand('vscode.open', uri));
  if (vscode.workspace.getWorkspaceFolder(uri) !== undefined)
    await vscode.commands.executeCommand('revealInExplorer', uri);
  else await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}
