import * as vscode from 'vscode';
import { askSecret } from '../notebook/askInputs';
import type { EditorSecrets } from '../notebook/editorSecrets';
import { askText, pick } from '../quickInput';

/** Asks for the name and the value of a secret that runbooks name as `editor:NAME`. */
export async function setSecret(secrets: EditorSecrets): Promise<void> {
  const kept = await secrets.names();
  const name = await askText({
    title: 'Set Secret · 1 of 2',
    prompt: 'Its name, as a runbook has it behind editor:',
    // As in a runbook's secrets: what stands behind `editor:` is one word.
    validateInput: text => (/[\s\0]/.test(text) ? 'A name has no blanks.' : undefined),
  });
  if (name === undefined || name === '') return;
  const value = await askSecret(`Set Secret · 2 of 2 · ${name}`, 'Goes into the key store of the system.');
  if (value === undefined) return;
  await secrets.keep(name, value);
  const what = kept.includes(name) ? 'has its new value' : 'is kept';
  vscode.window.setStatusBarMessage(`The secret ${name} ${what}.`, 3000);
}

/** Lets the person choose a secret, and forgets it. */
export async function forgetSecret(secrets: EditorSecrets): Promise<void> {
  const names = await secrets.names();
  if (names.length === 0)
    return void vscode.window.showInformationMessage('No secret is kept in this editor.');
  const choices = names.map(label => ({ label }));
  const name = (await pick(choices, { title: 'Forget Secret' }))?.label;
  if (name === undefined) return;
  await secrets.forget(name);
  vscode.window.setStatusBarMessage(`The secret ${name} is forgotten.`, 3000);
}
