import { posix } from 'node:path';
import * as vscode from 'vscode';
import { decodeSource } from '../../../agent/runbook/decode';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { errorText } from '../../agent/errorText';
import { contextKeys, settings } from '../../commands/names';
import type { Log } from '../../log';
import { gitIgnored } from './gitIgnored';
import { inOrder } from './inOrder';
import { outlineOf, type Outline } from './outline';

/** A runbook of the workspace. */
export interface IndexedRunbook {
  readonly uri: vscode.Uri;
  /** Relative to its workspace folder, with `/`. */
  readonly path: string;
  readonly outline: Outline;
}

const markdown = '**/*.md';
const neverIn = '**/{node_modules,.git}/**';
/** More Markdown files than this in one folder are not looked into. */
const mostFiles = 5000;
/** A larger file is opened gladly, but not parsed only to be listed. */
const mostBytes = 8 * 1024 * 1024;
const readAtOnce = 8;

/**
 * The runbooks of the workspace: found once when first asked for, then kept up to date by watching. Files that git
 * ignores are left out.
 */
export class RunbookIndex implements vscode.Disposable {
  readonly #log: Log;
  readonly #found = new Map<string, IndexedRunbook>();
  readonly #changed = new vscode.EventEmitter<string | undefined>();
  readonly #subscriptions: vscode.Disposable[] = [];
  #ignored = new Map<string, (path: string) => boolean>();
  #search: Promise<void> | undefined;
  #again: NodeJS.Timeout | undefined;

  /** Fires with the changed runbook's URI, or undefined when many changed. */
  readonly onDidChange = this.#changed.event;

  constructor(log: Log) {
    this.#log = log;
  }

  /** All runbooks, folder by folder; looks for them if nobody has yet. */
  async all(): Promise<IndexedRunbook[]> {
    await (this.#search ??= this.#begin());
    return inOrder([...this.#found.values()]);
  }

  /** Looks for them anew. */
  refresh(): void {
    if (this.#search === undefined) return;
    this.#search = this.#search.then(() => this.#searchAll()).then(() => this.#changed.fire(undefined));
  }

  dispose(): void {
    clearTimeout(this.#again);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #begin(): Promise<void> {
    const files = vscode.workspace.createFileSystemWatcher(markdown);
    const rules = vscode.workspace.createFileSystemWatcher('**/.gitignore');
    const lookSoon = () => {
      clearTimeout(this.#again);
      this.#again = setTimeout(() => this.refresh(), 500);
    };
    this.#subscriptions.push(
      files,
      rules,
      files.onDidCreate(uri => void this.#readOne(uri)),
      files.onDidChange(uri => void this.#readOne(uri)),
      files.onDidDelete(uri => this.#forget(uri)),
      rules.onDidCreate(lookSoon),
      rules.onDidChange(lookSoon),
      rules.onDidDelete(lookSoon),
      vscode.workspace.onDidChangeWorkspaceFolders(lookSoon),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration(settings.runbooksExclude)) lookSoon();
      }),
    );
    await this.#searchAll();
  }

  async #searchAll(): Promise<void> {
    await vscode.commands.executeCommand('setContext', contextKeys.searching, true);
    try {
      this.#ignored = await readIgnored();
      const found = await vscode.workspace.findFiles(markdown, neverIn, mostFiles);
      const wanted = found.filter(uri => this.#wanted(uri));
      const kept = new Set(wanted.map(String));
      for (const key of this.#found.keys()) if (!kept.has(key)) this.#found.delete(key);
      await eachOf(wanted, readAtOnce, uri => this.#read(uri));
    } catch (error) {
      this.#log.error('runbooks cannot be looked for', error);
    } finally {
      await vscode.commands.executeCommand('setContext', contextKeys.searching, false);
    }
  }

  async #readOne(uri: vscode.Uri): Promise<void> {
    if (!this.#wanted(uri)) return;
    await this.#read(uri);
    this.#changed.fire(uri.toString());
  }

  #forget(uri: vscode.Uri): void {
    // A deleted folder is one event; all that was below it is gone too.
    const gone = [...this.#found.keys()].filter(
      key => key === uri.toString() || key.startsWith(`${uri.toString()}/`),
    );
    for (const key of gone) this.#found.delete(key);
    if (gone.length > 0) this.#changed.fire(undefined);
  }

  /** Never rejects: a file that cannot be read is not listed. */
  async #read(uri: vscode.Uri): Promise<void> {
    try {
      const outline = await readOutline(uri);
      if (outline === undefined) this.#found.delete(uri.toString());
      else this.#found.set(uri.toString(), { uri, path: pathOf(uri), outline });
    } catch (error) {
      this.#found.delete(uri.toString());
      this.#log.warn('a Markdown file cannot be listed', { file: uri.fsPath, reason: errorText(error) });
    }
  }

  #wanted(uri: vscode.Uri): boolean {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder === undefined || uri.scheme !== 'file') return false;
    const path = pathOf(uri);
    if (
      /(^|\/)(node_modules|\.git)\//.test(path) ||
      this.#ignored.get(folder.uri.toString())?.(path) === true
    )
      return false;
    const exclude =
      vscode.workspace.getConfiguration(undefined, uri).get<string[]>(settings.runbooksExclude) ?? [];
    return exclude.length === 0 || !gitIgnored(new Map([['', exclude.join('\n')]]))(path);
  }
}

async function readOutline(uri: vscode.Uri): Promise<Outline | undefined> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > mostBytes) return undefined;
  const text = decodeSource(await vscode.workspace.fs.readFile(uri));
  // Most Markdown has no fence at all; parsing it would tell nothing.
  return text.includes('```') || text.includes('~~~') ? outlineOf(parseRunbook(text)) : undefined;
}

/** For each workspace folder, what git leaves out of it. */
async function readIgnored(): Promise<Map<string, (path: string) => boolean>> {
  const files = await vscode.workspace.findFiles('**/.gitignore', neverIn, mostFiles);
  const byFolder = new Map<string, Map<string, string>>();
  for (const uri of files) {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder === undefined) continue;
    const rules = byFolder.get(folder.uri.toString()) ?? new Map<string, string>();
    byFolder.set(folder.uri.toString(), rules);
    const at = posix.dirname(pathOf(uri));
    rules.set(at === '.' ? '' : at, decodeSource(await vscode.workspace.fs.readFile(uri)));
  }
  return new Map([...byFolder].map(([folder, rules]) => [folder, gitIgnored(rules)]));
}

function pathOf(uri: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder === undefined ? uri.path : posix.relative(folder.uri.path, uri.path);
}

async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
