import * as vscode from 'vscode';
import { openAsRunbook } from '../../commands/openEditors';
import type { RunbookIndex } from './runbookIndex';
import { pick } from '../../quickInput';

/** Lets the person choose one of the workspace's runbooks, and opens it. */
export async function pickRunbook(index: RunbookIndex): Promise<void> {
  const runbooks = await index.all();
  if (runbooks.length === 0) {
    const text =
      'No runbook here. A runbook is any Markdown file with a fenced block that can run, such as ```sh.';
    return void vscode.window.showInformationMessage(text);
  }
  const choices = runbooks.map(({ uri, path, outline }) => ({
    uri,
    label: path,
    ...(outline.title === undefined ? {} : { description: outline.title }),
  }));
  const chosen = await pick(choices, {
    title: 'Open a Runbook',
    placeHolder: 'Its cells run when you say so',
    matchOnDescription: true,
  });
  if (chosen !== undefined) await openAsRunbook(chosen.uri);
}
