import * as vscode from 'vscode';
import type { Folders } from '../../../agent/folders';
import { pick } from '../../quickInput';
import { insertIntoConfig } from '../insertIntoConfig';

/** Opens config.yaml with the beginning of an endpoint. None of Docker's own files is touched. */
export function addEndpoint(folders: Folders): Promise<void> {
  return insertIntoConfig(folders, 'endpoints', entry);
}

const entry = `  \${1:build-server}:
    address: \${2|ssh://user@host,tcp://host:2376,unix:///path/to/docker.sock|}
`;

const pages: readonly (vscode.QuickPickItem & { address: string })[] = [
  {
    label: 'Docker Engine',
    description: 'docs.docker.com',
    address: 'https://docs.docker.com/engine/install/',
  },
  { label: 'Podman', description: 'podman.io', address: 'https://podman.io/docs/installation' },
];

/** Opens how to install an engine. */
export async function installEngine(): Promise<void> {
  const page = await pick(pages, { title: 'How to Install a Container Engine' });
  if (page !== undefined) await vscode.env.openExternal(vscode.Uri.parse(page.address));
}

/** Opens a file that tells of engines and cannot be read. */
export async function openEngineFile(file: unknown): Promise<void> {
  if (typeof file === 'string') await vscode.window.showTextDocument(vscode.Uri.file(file));
}
