import * as vscode from 'vscode';
import type { AgentConnection } from '../../agent/client/connection';
import {
  ackClusters,
  clustersChanged,
  unwatchTable,
  watchTable,
  type Kind,
} from '../../agent/protocol/clusters';
import {
  contextsChanged,
  listContexts,
  retryContext,
  unwatchContext,
  watchContext,
  type Context,
  type ContextState,
} from '../../agent/protocol/contexts';
import type { ParamsOf, ResultOf } from '../../agent/protocol/message';
import type { Log } from '../log';
import type { AgentClient } from './agentClient';
import { clusterEnvironment } from './clusterEnvironment';
import { errorText } from './errorText';
import { TableMirror } from './tableMirror';

/** What was found when contexts were looked for. */
export type FoundContexts = ResultOf<typeof listContexts>;

/** A kind of object in one namespace of a context or, without one, in all. */
export interface TableKey {
  readonly context: string;
  /** `Kind.id`. */
  readonly kind: string;
  readonly namespace?: string | undefined;
}

/** What is different: contexts as a whole, and tables. */
export interface ClusterChange {
  readonly contexts: readonly string[];
  readonly tables: readonly TableKey[];
}

interface Connected {
  state: ContextState;
  kinds: readonly Kind[] | undefined;
  downGroups: readonly { readonly group: string; readonly message: string }[];
}

interface Table {
  readonly number: number;
  readonly key: TableKey;
  readonly mirror: TableMirror;
  isWatched: boolean;
}

/**
 * The contexts that this window knows of, and the tables of their clusters that somebody sees. Listing contacts none; a
 * cluster is contacted by {@link connect}. What was known stays while the agent is away, and is told anew when it is back.
 */
export class ClusterFeed implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #log: Log;
  readonly #connected = new Map<string, Connected>();
  readonly #tables = new Map<string, Table>();
  readonly #listed = new vscode.EventEmitter<void>();
  readonly #changed = new vscode.EventEmitter<ClusterChange>();
  readonly #subscriptions: vscode.Disposable[];
  #found: FoundContexts | undefined;
  #failure: string | undefined;
  #listing: Promise<void> | undefined;
  #number = 0;

  /** Fires when contexts were looked for, or that failed, or the agent came or went. */
  readonly onDidList = this.#listed.event;
  readonly onDidChange = this.#changed.event;

  constructor(agent: AgentClient, log: Log) {
    this.#agent = agent;
    this.#log = log;
    this.#subscriptions = [
      agent.onDidConnect(connection => void this.#resume(connection)),
      agent.onDidLose(() => this.#listed.fire()),
    ];
  }

  /** Undefined until contexts have been looked for. */
  get found(): FoundContexts | undefined {
    return this.#found;
  }

  /** Why they could not be looked for the last time. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Whether the agent is there: otherwise all that is known is of before. */
  get isLive(): boolean {
    return this.#agent.connection !== undefined;
  }

  context(id: string): Context | undefined {
    const found = this.#found?.contexts.find(context => context.id === id);
    const connected = this.#connected.get(id);
    return found && connected ? { ...found, state: connected.state } : found;
  }

  /** Whether a person wants this context connected. */
  isWanted(context: string): boolean {
    return this.#connected.has(context);
  }

  /** The kinds that a cluster has; undefined until it has told. */
  kinds(context: string): readonly Kind[] | undefined {
    return this.#connected.get(context)?.kinds;
  }

  /** Groups of kinds that cannot be told of, with why. */
  downGroups(context: string): Connected['downGroups'] {
    return this.#connected.get(context)?.downGroups ?? [];
  }

  /** What is known of a table; undefined where it was never watched. */
  table(key: TableKey): TableMirror | undefined {
    return this.#tables.get(textOf(key))?.mirror;
  }

  /** All tables that are known. */
  *tables(): Iterable<{ readonly key: TableKey; readonly mirror: TableMirror }> {
    yield* this.#tables.values();
  }

  /** Looks for contexts. A failure is kept as {@link failure}. */
  list(): Promise<void> {
    this.#listing ??= this.#list().finally(() => (this.#listing = undefined));
    return this.#listing;
  }

  /** Connects a context, and has it tell of itself from now on. */
  async connect(context: string): Promise<void> {
    if (this.#connected.has(context)) return;
    this.#connected.set(context, {
      state: { kind: 'connecting', since: Date.now() },
      kinds: undefined,
      downGroups: [],
    });
    this.#fire([context]);
    await this.#ask(context, () => this.#agent.request(watchContext, { context }));
  }

  /** Lets a cluster go. */
  async letGo(context: string): Promise<void> {
    this.#connected.delete(context);
    for (const [text, { key }] of this.#tables) if (key.context === context) this.#tables.delete(text);
    this.#fire([context]);
    await this.#agent.connection?.request(unwatchContext, { context });
  }

  /** Tries a context again at once. */
  async retry(context: string): Promise<void> {
    if (!this.#connected.has(context)) return this.connect(context);
    await this.#ask(context, () => this.#agent.request(retryContext, { context }));
  }

  /** Has these tables told of from now on, in place of those before. Rows of the others stay until they are asked for again. */
  watchTables(keys: readonly TableKey[]): void {
    const wanted = new Map(keys.map(key => [textOf(key), key]));
    for (const [text, table] of this.#tables) {
      if (wanted.has(text) || !table.isWatched) continue;
      table.isWatched = false;
      const { connection } = this.#agent;
      if (connection !== undefined) this.#quietly(connection.request(unwatchTable, { table: table.number }));
    }
    for (const [text, key] of wanted) {
      const table = this.#tables.get(text) ?? this.#newTable(text, key);
      if (table.isWatched || !this.#connected.has(key.context)) continue;
      table.isWatched = true;
      void this.#askForTable(table);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#listed.dispose();
    this.#changed.dispose();
  }

  #newTable(text: string, key: TableKey): Table {
    const table = { number: ++this.#number, key, mirror: new TableMirror(), isWatched: false };
    this.#tables.set(text, table);
    return table;
  }

  async #list(): Promise<void> {
    try {
      const environment = clusterEnvironment(process.env);
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
      const cwd = folder?.scheme === 'file' ? folder.fsPath : undefined;
      this.#found = await this.#agent.request(listContexts, {
        environment,
        ...(cwd !== undefined && { cwd }),
      });
      this.#failure = undefined;
    } catch (error) {
      this.#failure = errorText(error);
      this.#log.warn('contexts cannot be listed', { reason: this.#failure });
    }
    this.#listed.fire();
  }

  async #resume(connection: AgentConnection): Promise<void> {
    connection.on(clustersChanged, news => {
      this.#take(news);
      connection.notify(ackClusters, { number: news.number });
    });
    connection.on(contextsChanged, () => void this.list());
    if (this.#found === undefined && this.#failure === undefined) return;
    await this.list();
    for (const context of this.#connected.keys()) {
      await this.#ask(context, () => this.#agent.request(watchContext, { context }));
    }
    for (const table of this.#tables.values()) if (table.isWatched) await this.#askForTable(table);
  }

  #take({ contexts, tables }: ParamsOf<typeof clustersChanged>): void {
    for (const { context, state, kinds, downGroups } of contexts) {
      const known = this.#connected.get(context);
      if (known === undefined) continue;
      if (state !== undefined) known.state = state;
      if (kinds !== undefined) known.kinds = kinds;
      if (downGroups !== undefined) known.downGroups = downGroups;
    }
    const numbers = new Map([...this.#tables.values()].map(table => [table.number, table]));
    const changed = tables.flatMap(news => {
      const table = numbers.get(news.table);
      table?.mirror.take(news);
      return table === undefined ? [] : [table.key];
    });
    this.#changed.fire({ contexts: contexts.map(({ context }) => context), tables: changed });
  }

  #askForTable({ number, key }: Table): Promise<void> {
    const { context, kind, namespace } = key;
    return this.#ask(context, () =>
      this.#agent.request(watchTable, {
        ...{ table: number, context, kind },
        ...(namespace !== undefined && { namespace }),
      }),
    );
  }

  /** A failure is told as the context's state; what was asked for is asked for again by a new try or connection. */
  async #ask(context: string, request: () => Promise<unknown>): Promise<void> {
    try {
      await request();
    } catch (error) {
      const message = errorText(error);
      this.#log.warn('a cluster cannot be watched', { context, reason: message });
      const known = this.#connected.get(context);
      if (known === undefined) return;
      known.state = { kind: 'failed', trouble: 'other', message, since: Date.now() };
      this.#fire([context]);
    }
  }

  /** To be let go of by a peer that leaves is no failure. */
  #quietly(request: Promise<unknown>): void {
    request.catch((error: unknown) =>
      this.#log.info('a table was not let go of', { reason: errorText(error) }),
    );
  }

  #fire(contexts: readonly string[]): void {
    this.#changed.fire({ contexts, tables: [] });
  }
}

function textOf({ context, kind, namespace }: TableKey): string {
  return JSON.stringify([context, kind, namespace ?? null]);
}
