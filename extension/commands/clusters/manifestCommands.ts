import { dirname } from 'node:path';
import * as vscode from 'vscode';
import {
  compareManifests,
  type ComparedObject,
  type ManifestProblem,
} from '../../../agent/protocol/clusterManifests';
import type { Context } from '../../../agent/protocol/contexts';
import type { ResultOf } from '../../../agent/protocol/message';
import { askText, pick } from '../../quickInput';
import { unlinked } from '../../unlinked';
import type { commands } from '../names';
import { applyShown } from './applyShown';
import { objectOf } from './chosen';
import type { ClusterParts } from './clusterCommands';

/** Manifests and a cluster that they are for. */
export interface AskedManifests {
  readonly context: Context;
  readonly path: string;
  readonly namespace: string;
}

export type Comparison = ResultOf<typeof compareManifests>;

/** The commands on manifests, by their keys. */
export function manifestCommands(parts: ClusterParts) {
  return {
    editYaml: first => editYaml(parts, first),
    compareWithCluster: first => compareWithCluster(parts, first),
    applyToCluster: first => applyToCluster(parts, first),
  } satisfies Partial<Record<keyof typeof commands, (first: unknown) => unknown>>;
}

/** Opens an object to be changed; the values of a Secret stay hidden, and those that are not touched stay as they are. */
async function editYaml(parts: ClusterParts, first: unknown): Promise<void> {
  const chosen = await objectOf(parts, first, 'Edit YAML of What?');
  if (chosen === undefined) return;
  const { edited } = parts.manifests;
  const uri = edited.uriOf(chosen.context, chosen.object);
  await vscode.window.showTextDocument(uri, { preview: false });
}

async function compareWithCluster(parts: ClusterParts, first: unknown): Promise<void> {
  const asked = await askWhere(parts, first, 'Compare with Which Cluster?');
  if (asked === undefined) return;
  const compared = await compare(parts, asked, {});
  await showComparison(parts, asked, compared);
  const apply = 'Apply…';
  const isApplicable = compared.objects.some(({ state }) => state === 'changed' || state === 'missing');
  const text = unlinked(sumUp(asked, compared.objects));
  const chosen = await vscode.window.showInformationMessage(text, ...(isApplicable ? [apply] : []));
  if (chosen === apply) await applyAsked(parts, asked);
}

async function applyToCluster(parts: ClusterParts, first: unknown): Promise<void> {
  const asked = await askWhere(parts, first, 'Apply to Which Cluster?');
  if (asked !== undefined) await applyAsked(parts, asked);
}

async function applyAsked(parts: ClusterParts, asked: AskedManifests): Promise<void> {
  const set = await setOf(asked.path);
  const compared = await compare(parts, asked, { forApply: true, ...(set !== undefined && { set }) });
  await showComparison(parts, asked, compared);
  await applyShown(parts, asked, compared, set);
}

/**
 * A folder is a set: what is later gone from it can be found and removed. A file is none. Named for the folder and the one
 * around it: many are called `deploy`, and clones of one repository are to mean the same set.
 */
async function setOf(path: string): Promise<string | undefined> {
  const { type } = await vscode.workspace.fs.stat(vscode.Uri.file(path));
  if ((type & vscode.FileType.Directory) === 0) return undefined;
  const names = path.split(/[\\/]/).filter(part => part !== '');
  const plain = names
    .slice(-2)
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  const name = plain.slice(-50).replace(/^-+|-+$/g, '');
  return name === '' ? undefined : name;
}

async function askWhere(
  { feed }: ClusterParts,
  first: unknown,
  title: string,
): Promise<AskedManifests | undefined> {
  const uri = first instanceof vscode.Uri ? first : vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file')
    throw new Error('Choose a manifest, or a folder of manifests, in the Explorer first.');
  const unsaved = vscode.workspace.textDocuments.find(
    document => document.isDirty && isWithin(document.uri.fsPath, uri.fsPath),
  );
  if (unsaved !== undefined)
    throw new Error(`Save ${unsaved.fileName} first: it is what is on disk that counts.`);
  if (feed.found === undefined) await feed.list();
  const choices = (feed.found?.contexts ?? []).map(context => ({
    ...{ label: context.name, description: context.server, context },
  }));
  if (choices.length === 0) throw new Error('No kubeconfig has a context.');
  const chosen = await pick(choices, { title });
  if (chosen === undefined) return undefined;
  const { context } = chosen;
  const namespace = await askText({
    title: `Which Namespace on ${context.name}?`,
    prompt: 'For manifests that name none',
    value: context.namespace === '' ? 'default' : context.namespace,
  });
  return namespace === undefined || namespace === '' ? undefined : { context, path: uri.fsPath, namespace };
}

function isWithin(path: string, folder: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (at === folder) return true;
    if (at === dirname(at)) return false;
  }
}

async function compare(
  { agent, manifests }: ClusterParts,
  { context, path, namespace }: AskedManifests,
  more: { set?: string; forApply?: boolean },
): Promise<Comparison> {
  const compared = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Comparing with ${context.name}` },
    () => agent.request(compareManifests, { context: context.id, path, namespace, ...more }),
  );
  tellProblems(manifests.problems, compared);
  return compared;
}

/** In the Problems view, where they stand until the next comparison. */
function tellProblems(collection: vscode.DiagnosticCollection, { problems, objects }: Comparison): void {
  const said = new Set(problems.map(({ file, message }) => `${file}\n${message}`));
  const others = objects.flatMap(({ state, file, line = 1, message = '', hint }): ManifestProblem[] => {
    if (state !== 'failed' || file === undefined) return [];
    if (problems.some(problem => problem.file === file && message.includes(problem.message))) return [];
    return [{ file, line, column: 1, severity: 'error', message, ...(hint !== undefined && { hint }) }];
  });
  const byFile = new Map<string, vscode.Diagnostic[]>();
  for (const { file, line, column, severity, message, hint } of [
    ...problems,
    ...others.filter(({ file, message: text }) => !said.has(`${file}\n${text}`)),
  ]) {
    const at = new vscode.Position(line - 1, column - 1);
    const level = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
    const text = hint === undefined ? message : `${message}. ${hint}`;
    byFile.set(file, [
      ...(byFile.get(file) ?? []),
      new vscode.Diagnostic(new vscode.Range(at, at), text, level),
    ]);
  }
  collection.clear();
  for (const [file, diagnostics] of byFile) collection.set(vscode.Uri.file(file), diagnostics);
}

/** What differs, in the editor for changes. */
async function showComparison(
  { manifests }: ClusterParts,
  { context }: AskedManifests,
  { objects }: Comparison,
): Promise<void> {
  const differing = objects.filter(({ before, after }) => before !== after);
  const pages = differing.map(({ id, before, after }) => ({ name: `${id}.yaml`, before, after }));
  await manifests.pages.show(`${context.name}: running ↔ manifests`, pages);
}

/** `shop: 3 objects: 1 changed, 2 in sync` */
function sumUp({ context }: AskedManifests, objects: readonly ComparedObject[]): string {
  if (objects.length === 0) return `${context.name}: there is no manifest here.`;
  const words = {
    inSync: 'in sync',
    changed: 'changed',
    missing: 'missing',
    extra: 'extra',
    failed: 'failed',
  };
  const counts = Object.entries(words)
    .map(([state, word]) => [objects.filter(each => each.state === state).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const failed = objects.find(({ state }) => state === 'failed');
  const why = failed === undefined ? '' : `. ${failed.id}: ${failed.message ?? ''}`;
  return `${context.name}: ${objects.length} ${objects.length === 1 ? 'object' : 'objects'}: ${counts.join(', ')}${why}`;
}
