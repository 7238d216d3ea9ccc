import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Folders } from '../../../agent/folders';
import { pick } from '../../quickInput';

/**
 * Opens the person's config.yaml with the beginning of an endpoint to fill in. Nothing is saved, and none of Docker's
 * own files is touched.
 */
export async function addEndpoint({ config }: Folders): Promise<void> {
  const file = vscode.Uri.file(join(config, 'config.yaml'));
  await mkdir(config, { recursive: true });
  const document = await openOrBegin(file);
  const editor = await vscode.window.showTextDocument(document);
  const text = document.getText();
  const known = /^endpoints:[^\S\n]*\n/m.exec(text);
  const at =
    known === null ? document.positionAt(text.length) : document.positionAt(known.index + known[0].length);
  const before = known === null && text !== '' && !text.endsWith('\n') ? '\n' : '';
  const head = known === null ? 'endpoints:\n' : '';
  await editor.insertSnippet(new vscode.SnippetString(`${before}${head}${entry}`), at);
}

const entry = `  \${1:build-server}:
    address: \${2|ssh://user@host,tcp://host:2376,unix:///path/to/docker.sock|}
`;

async function openOrBegin(file: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(file);
  } catch {
    // It is not there yet: saving makes it.
    return vscode.workspace.openTextDocument(file.with({ scheme: 'untitled' }));
  }
}

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
