import * as vscode from 'vscode';
import { Listeners } from '../listeners';
import type { Log } from '../log';

/** Files of checks; what git ignores is other people's. */
const pattern = '**/*.health.{yaml,yml}';
const neverIn = '**/{node_modules,.git,vendor,.venv}/**';
const most = 1000;

/** Milliseconds after which several changes are one. */
const pause = 300;

/** The files of checks in the folders of this window, as they come, change and go. */
export class HealthFiles implements vscode.Disposable {
  readonly #log: Log;
  readonly #changed = new Listeners<void>();
  readonly #saved = new Set<string>();
  readonly #subscriptions: vscode.Disposable[];
  #paths: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Fires when there are others, or one has changed. */
  readonly onDidChange = this.#changed.add;

  constructor(log: Log) {
    this.#log = log;
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const soon = (): void => this.#soon();
    this.#subscriptions = [
      ...[watcher, watcher.onDidCreate(soon), watcher.onDidChange(soon), watcher.onDidDelete(soon)],
      vscode.workspace.onDidChangeWorkspaceFolders(soon),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (/\.health\.ya?ml$/i.test(uri.path)) this.#saved.add(uri.fsPath);
      }),
    ];
    this.#soon();
  }

  /** Absolute paths. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** Files that were saved in this window since this was last asked: what is new in them is the person's own. */
  takeSaved(): ReadonlySet<string> {
    const saved = new Set(this.#saved);
    this.#saved.clear();
    return saved;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), pause);
  }

  async #look(): Promise<void> {
    try {
      const found = await vscode.workspace.findFiles(pattern, neverIn, most);
      this.#paths = found
        .filter(({ scheme }) => scheme === 'file')
        .map(({ fsPath }) => fsPath)
        .sort();
      this.#changed.tell();
    } catch (error) {
      this.#log.error('files of checks cannot be looked for', error);
    }
  }
}
