import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Folders } from '../../agent/folders';

/**
 * Opens the person's config.yaml with the beginning of an entry below a key, to fill in. Nothing is saved.
 *
 * @param entry a snippet: whole lines, indented as below a key
 */
export async function insertIntoConfig({ config }: Folders, key: string, entry: string): Promise<void> {
  const file = vscode.Uri.file(join(config, 'config.yaml'));
  await mkdir(config, { recursive: true });
  const document = await openOrBegin(file);
  const editor = await vscode.window.showTextDocument(document);
  const text = document.getText();
  const known = new RegExp(`^${key}:[^\\S\\n]*\\n`, 'm').exec(text);
  const at =
    known === null ? document.positionAt(text.length) : document.positionAt(known.index + known[0].length);
  const before = known === null && text !== '' && !text.endsWith('\n') ? '\n' : '';
  const head = known === null ? `${key}:\n` : '';
  await editor.insertSnippet(new vscode.SnippetString(`${before}${head}${entry}`), at);
}

async function openOrBegin(file: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(file);
  } catch {
    // It is not there yet: saving makes it.
    return vscode.workspace.openTextDocument(file.with({ scheme: 'untitled' }));
  }
}
