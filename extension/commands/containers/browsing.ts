import { posix } from 'node:path';
import * as vscode from 'vscode';
import { userName } from '../../../agent/client/userName';
import {
  downloadFrom,
  type FileEntry,
  listFiles,
  readFileIn,
  uploadTo,
} from '../../../agent/protocol/containerActions';
import { sayTime } from '../../../agent/protocol/words';
import type { AgentClient } from '../../agent/agentClient';
import { pick } from '../../quickInput';
import { unlinked } from '../../unlinked';
import type { Targets } from './targets';
import type { TextPages } from './textPages';

interface Ports {
  readonly agent: AgentClient;
  readonly targets: Targets;
  readonly texts: TextPages;
}

/** A container, and a place in it. */
interface Place {
  readonly endpoint: string;
  readonly container: string;
  readonly name: string;
  readonly path: string;
}

type Choice = vscode.QuickPickItem & { readonly to: 'up' | 'download' | 'upload' | FileEntry };

/** Lets a person walk through the files of a container, look at them, and copy them out and in. */
export async function browseFiles(ports: Ports, first: unknown): Promise<void> {
  const target = await ports.targets.container(first, 'Files of Which Container?', () => true);
  if (target === undefined) return;
  const { endpoint, row } = target;
  let place: Place | undefined = { endpoint, container: row.id, name: row.name, path: '/' };
  while (place !== undefined) place = await step(ports, place);
}

/** Shows one folder; gives the next one; undefined: that was all. */
async function step(ports: Ports, place: Place): Promise<Place | undefined> {
  const { endpoint, container, name, path } = place;
  const listed = await reading(`Reading ${path}`, signal =>
    ports.agent.request(listFiles, { endpoint, container, path }, signal),
  );
  if (listed === undefined) return undefined;
  const { entries, more } = listed;
  const title = `${name}:${path}${more ? ' (not all of it)' : ''}`;
  const choices: Choice[] = [
    ...(path === '/' ? [] : [{ to: 'up' as const, label: '..' }]),
    ...entries.map(entryChoice),
    { to: 'download', label: 'Download This Folder…' },
    { to: 'upload', label: 'Upload a File or Folder to Here…' },
  ];
  const chosen = await pick(choices, { title, matchOnDescription: true });
  if (chosen === undefined) return undefined;
  if (chosen.to === 'up') return { ...place, path: posix.dirname(path) };
  if (chosen.to === 'download') return void (await download(ports, place));
  if (chosen.to === 'upload') return void (await upload(ports, place));
  const next = { ...place, path: posix.join(path, chosen.to.name) };
  if (chosen.to.type === 'folder') return next;
  if (chosen.to.type === 'link') return followLink(ports, next);
  return onFile(ports, next);
}

function entryChoice(entry: FileEntry): Choice {
  const { name, type, size, mode, modifiedAt, link } = entry;
  const words = [
    mode,
    ...(type === 'file' ? [`${size.toLocaleString('en')} bytes`] : []),
    sayTime(modifiedAt),
  ];
  return {
    to: entry,
    label: `${name}${type === 'folder' ? '/' : ''}${link === undefined ? '' : ` → ${link}`}`,
    description: words.join(' · '),
  };
}

/** A link leads to a folder or to a file; which, only trying tells. */
async function followLink(ports: Ports, place: Place): Promise<Place | undefined> {
  const { endpoint, container, path } = place;
  try {
    await ports.agent.request(listFiles, { endpoint, container, path });
    return place;
  } catch {
    // No folder, or nothing at all: reading it tells.
    return onFile(ports, place);
  }
}

async function onFile(ports: Ports, place: Place): Promise<undefined> {
  const choices = [{ label: 'Open' }, { label: 'Download…' }];
  const chosen = await pick(choices, { title: `${place.name}:${place.path}` });
  if (chosen === undefined) return;
  if (chosen.label === 'Open') await open(ports, place);
  else await download(ports, place);
}

async function open({ agent, texts }: Ports, { endpoint, container, name, path }: Place): Promise<void> {
  const read = await reading(`Reading ${path}`, signal =>
    agent.request(readFileIn, { endpoint, container, path }, signal),
  );
  if (read === undefined) return;
  const { data, size, cut } = read;
  const bytes = Buffer.from(data, 'base64');
  if (bytes.includes(0))
    throw new Error(`${path} is no text (${size.toLocaleString('en')} bytes): download it.`);
  const rest = cut
    ? `\n… ${(size - bytes.length).toLocaleString('en')} more bytes: download it to have all …\n`
    : '';
  const shown = bytes.toString() + rest;
  await texts.show(`${name} ${posix.basename(path)}`, JSON.stringify([endpoint, container, path]), shown);
}

async function download({ agent }: Ports, { endpoint, container, name, path }: Place): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const proposed = path === '/' ? name : posix.basename(path);
  const to = await vscode.window.showSaveDialog({
    title: `Download ${path} of ${name} to`,
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, proposed) }),
  });
  if (to === undefined) return;
  const by = userName(process.env);
  // The dialog has asked already whether a file that is there may go.
  const copied = await reading(`Downloading ${path}`, signal =>
    agent.request(downloadFrom, { endpoint, container, path, to: to.fsPath, replace: true, by }, signal),
  );
  if (copied !== undefined) tell(copied, to.fsPath);
}

async function upload({ agent }: Ports, { endpoint, container, name, path }: Place): Promise<void> {
  const [from] =
    (await vscode.window.showOpenDialog({
      title: `Upload to ${path} of ${name}`,
      canSelectFiles: true,
      canSelectFolders: true,
      openLabel: 'Upload',
    })) ?? [];
  if (from === undefined) return;
  const by = userName(process.env);
  const copied = await reading(`Uploading to ${path}`, signal =>
    agent.request(uploadTo, { endpoint, container, path, from: from.fsPath, by }, signal),
  );
  if (copied !== undefined) return tell(copied, `${path} of ${name}`);
  void vscode.window.showWarningMessage(
    unlinked(`The upload was given up. What the engine had taken until then is in ${path} of ${name}.`),
  );
}

/** With a notification in which a person may give it up: undefined. */
function reading<T>(title: string, action: (signal: AbortSignal) => Promise<T>): Thenable<T | undefined> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (_progress, token) => {
    const controller = new AbortController();
    const listening = token.onCancellationRequested(() => controller.abort());
    try {
      return await action(controller.signal);
    } catch (error) {
      if (controller.signal.aborted) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
}

function tell(
  { files, bytes, leftOut }: { files: number; bytes: number; leftOut: number },
  to: string,
): void {
  const count = `${files.toLocaleString('en')} file${files === 1 ? '' : 's'}`;
  const left =
    leftOut === 0 ? '' : ` Left out: ${leftOut.toLocaleString('en')} (links that lead out of it, devices).`;
  void vscode.window.showInformationMessage(
    unlinked(`${count}, ${bytes.toLocaleString('en')} bytes, were copied to ${to}.${left}`),
  );
}
