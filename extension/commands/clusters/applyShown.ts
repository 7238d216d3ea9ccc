import * as vscode from 'vscode';
import {
  applyManifests,
  type ComparedObject,
  type ConflictChoice,
} from '../../../agent/protocol/clusterManifests';
import { pick, pickMany } from '../../quickInput';
import { unlinked } from '../../unlinked';
import type { ClusterParts } from './clusterCommands';
import { confirmedOn } from './confirmedOn';
import type { AskedManifests, Comparison } from './manifestCommands';

/** Applies what a comparison has shown, once the person has decided on conflicts, on what is to go, and on all of it. */
export async function applyShown(
  { agent, manifests }: ClusterParts,
  asked: AskedManifests,
  { objects, problems, digest }: Comparison,
  set: string | undefined,
): Promise<void> {
  const wrong = problems.find(({ severity }) => severity === 'error');
  if (wrong !== undefined)
    throw new Error(`${wrong.file}:${wrong.line}:${wrong.column}: ${wrong.message}. Nothing was applied.`);
  const { context, path, namespace } = asked;
  const todo = objects.filter(({ state }) => state !== 'extra');
  if (objects.every(({ state }) => state === 'inSync'))
    return void vscode.window.showInformationMessage(
      unlinked(`${context.name}: all is in sync; nothing is to be applied.`),
    );
  const choices = await askConflicts(todo);
  const prune = choices && (await askPrune(objects));
  if (prune === undefined || !(await askAll(asked, todo, prune))) return;
  const answer = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Applying to ${context.name}` },
    () =>
      confirmedOn(confirmed =>
        agent.request(applyManifests, {
          ...{ context: context.id, path, namespace, digest, choices, prune, by: 'editor' },
          ...(set !== undefined && { set }),
          ...(confirmed !== undefined && { confirmed }),
        }),
      ),
  );
  if (answer === undefined) return;
  await manifests.pages.close(`${context.name}: running ↔ manifests`);
  tellOutcomes(asked, answer.outcomes);
}

/** For each object that somebody else has set fields of; undefined where the person gives up. */
async function askConflicts(
  objects: readonly ComparedObject[],
): Promise<Record<string, ConflictChoice> | undefined> {
  const choices: Record<string, ConflictChoice> = {};
  for (const { id, conflicts } of objects) {
    if (conflicts.length === 0) continue;
    const what = conflicts.map(({ message }) => message).join('; ');
    const items = [
      {
        label: 'Leave Theirs',
        detail: 'These fields stay as they are; the rest is applied',
        choice: 'leave' as const,
      },
      {
        label: 'Take Over',
        detail: 'They become what the manifest says, and ours',
        choice: 'takeOver' as const,
      },
    ];
    const chosen = await pick(items, { title: `Conflict: ${id}`, placeHolder: what, ignoreFocusOut: true });
    if (chosen === undefined) return undefined;
    choices[id] = chosen.choice;
  }
  return choices;
}

/** Nothing goes that was not ticked. */
async function askPrune(objects: readonly ComparedObject[]): Promise<string[] | undefined> {
  const extras = objects.filter(({ state }) => state === 'extra');
  if (extras.length === 0) return [];
  const chosen = await pickMany(
    extras.map(({ id }) => ({ label: id, description: 'no manifest has it any more' })),
    {
      title: 'Remove What the Folder No Longer Has?',
      placeHolder: 'What is not ticked stays',
      ignoreFocusOut: true,
    },
  );
  return chosen?.map(({ label }) => label);
}

async function askAll(
  { context, namespace }: AskedManifests,
  objects: readonly ComparedObject[],
  prune: readonly string[],
): Promise<boolean> {
  const count = (state: ComparedObject['state']) => objects.filter(each => each.state === state).length;
  const what = [`change ${count('changed')}`, `make ${count('missing')}`, `remove ${prune.length}`];
  const label = `Apply to ${context.name}`;
  const detail = `${what.join(', ')} · namespace ${namespace} · ${context.server}`;
  const items = [
    { label: 'Cancel', detail: 'Nothing is changed' },
    { label, detail },
  ];
  return (await pick(items, { title: 'Apply These Changes?', ignoreFocusOut: true }))?.label === label;
}

type Outcomes = readonly {
  id: string;
  outcome: string;
  message?: string | undefined;
  hint?: string | undefined;
}[];

function tellOutcomes({ context }: AskedManifests, outcomes: Outcomes): void {
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
  const done = outcomes.filter(({ outcome }) => outcome === 'done').length;
  if (failed.length === 0)
    return void vscode.window.showInformationMessage(unlinked(`${context.name}: ${done} applied`));
  const why = failed
    .slice(0, 5)
    .map(({ id, message = '', hint }) => [`${id}: ${message}`, hint].filter(Boolean).join('. '));
  void vscode.window.showErrorMessage(
    unlinked(`${context.name}: ${failed.length} not applied, ${done} applied. ${why.join('\n')}`),
  );
}
