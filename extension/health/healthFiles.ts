import * as vscode from 'vscode';
import { Listeners } from '../listeners';
import type { Log } from '../log';
import { OwnEdits } from './ownEdits';

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
  /** What the person has written into them in this window. */
  readonly edits = new OwnEdits();
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
      ...this.#followEdits(),
    ];
    this.#soon();
  }

  /** Absolute paths. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #followEdits(): vscode.Disposable[] {
    const { edits } = this;
    const ours = ({ uri }: vscode.TextDocument): boolean =>
      uri.scheme === 'file' && /\.health\.ya?ml$/i.test(uri.path);
    for (const document of vscode.workspace.textDocuments) if (ours(document)) edits.opened(document);
    return [
      vscode.workspace.onDidOpenTextDocument(document => ours(document) && edits.opened(document)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (ours(document)) edits.changed(document, contentChanges);
      }),
      vscode.workspace.onDidSaveTextDocument(document => ours(document) && edits.saved(document)),
      vscode.workspace.onDidCloseTextDocument(document => ours(document) && edits.closed(document)),
    ];
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
