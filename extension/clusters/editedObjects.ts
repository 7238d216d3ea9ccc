import * as vscode from 'vscode';
import { getObject, type ObjectRef } from '../../agent/protocol/clusterObjects';
import type { AgentClient } from '../agent/agentClient';
import type { ClusterFeed } from '../agent/clusterFeed';
import type { Log } from '../log';

/** Scheme of the documents in which objects of clusters are edited. */
export const objectScheme = 'handrail-cluster';

/** An object as it was opened. */
export interface OpenedObject {
  readonly context: string;
  readonly object: ObjectRef;
  readonly uid: string;
  readonly yaml: string;
}

/**
 * What a save asks for: whether the cluster has it now, or it is to be thrown away. Rejects where neither is so: the
 * document stays as it is, unsaved.
 */
export type Review = (
  uri: vscode.Uri,
  opened: OpenedObject,
  after: string,
) => Promise<'applied' | 'discarded'>;

type Opened = OpenedObject & { readonly mtime: number };

interface Parts {
  readonly agent: AgentClient;
  readonly feed: ClusterFeed;
  readonly log: Log;
}

/**
 * Objects of clusters as documents that can be edited. To save one is to apply it, which `review` asks the person about
 * first. What is edited stays in the document, and in VS Code's own backup of it, until it is applied or thrown away.
 */
export class EditedObjects implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #parts: Parts;
  readonly #review: Review;
  readonly #opened = new Map<string, Opened>();
  readonly #byThemselves = new Set<string>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #subscriptions: vscode.Disposable;

  readonly onDidChangeFile = this.#changed.event;

  constructor(parts: Parts, review: Review) {
    this.#parts = parts;
    this.#review = review;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerFileSystemProvider(objectScheme, this, { isCaseSensitive: true }),
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        const isMeant = reason === vscode.TextDocumentSaveReason.Manual;
        if (!isMeant) this.#byThemselves.add(document.uri.toString());
      }),
      // A document takes what is new only once it knows that it is saved.
      vscode.workspace.onDidSaveTextDocument(document => void this.#renew(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#opened.delete(uri.toString())),
    );
  }

  /** The document of an object; what it has is asked for when it is opened. */
  uriOf(context: string, object: ObjectRef): vscode.Uri {
    const query = JSON.stringify({ context, ...object });
    return vscode.Uri.from({
      scheme: objectScheme,
      path: `/${object.name.replaceAll('/', '∕')}.yaml`,
      query,
    });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { mtime, yaml } = await this.#open(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: Buffer.byteLength(yaml) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#open(uri)).yaml);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    if (this.#byThemselves.delete(uri.toString()))
      throw vscode.FileSystemError.NoPermissions('Nothing is applied by itself. Save it by hand.');
    const opened = await this.#open(uri);
    const after = Buffer.from(content).toString();
    const outcome = await this.#review(uri, opened, after);
    const yaml = outcome === 'applied' ? after : opened.yaml;
    this.#opened.set(uri.toString(), { ...opened, yaml, mtime: Date.now() });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions('A cluster has no folders.');
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions('Delete it in the Clusters view.');
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions('Objects of a cluster keep their names.');
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #open(uri: vscode.Uri): Promise<Opened> {
    const known = this.#opened.get(uri.toString());
    if (known !== undefined) return known;
    const opened = await this.#fetch(uri);
    this.#opened.set(uri.toString(), opened);
    return opened;
  }

  async #fetch(uri: vscode.Uri): Promise<Opened> {
    const { context, ...object } = JSON.parse(uri.query) as ObjectRef & { context: string };
    const { agent, feed } = this.#parts;
    // After a reload nobody has listed contexts yet.
    if (feed.found === undefined) await feed.list();
    const { yaml, uid } = await agent.request(getObject, { context, object, by: 'editor' });
    return { context, object, uid, yaml, mtime: Date.now() };
  }

  /** Shows what the cluster made of it, unless the person goes on with it already. */
  async #renew(document: vscode.TextDocument): Promise<void> {
    const { uri } = document;
    if (uri.scheme !== objectScheme) return;
    try {
      const fresh = await this.#fetch(uri);
      if (document.isDirty || document.isClosed) return;
      this.#opened.set(uri.toString(), fresh);
      this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    } catch (error) {
      // It is saved; that it cannot be shown anew is told when it is next asked for.
      this.#parts.log.error('An object could not be read again', error);
    }
  }
}
