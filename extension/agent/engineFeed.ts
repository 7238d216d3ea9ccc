import * as vscode from 'vscode';
import type { AgentConnection } from '../../agent/client/connection';
import {
  ackEngines,
  engineChanged,
  statsChanged,
  unwatchEngine,
  watchEngine,
  watchStats,
  type RowKind,
  type Stats,
} from '../../agent/protocol/containers';
import {
  endpointsChanged,
  listEndpoints,
  retryEndpoint,
  type Endpoint,
} from '../../agent/protocol/endpoints';
import type { ResultOf } from '../../agent/protocol/message';
import type { Log } from '../log';
import type { AgentClient } from './agentClient';
import { engineEnvironment } from './engineEnvironment';
import { EngineMirror, type EngineChange, type EngineNews } from './engineMirror';
import { errorText } from './errorText';

/** What was found when engines were looked for. */
export type FoundEndpoints = ResultOf<typeof listEndpoints>;

/** Usage of containers, as told last. */
export interface StatsNews {
  readonly endpoint: string;
  readonly stats: readonly Stats[];
}

/**
 * The container engines that this window knows of, and what they have. Listing contacts none; an engine is contacted
 * by {@link watch}. What was known stays while the agent is away, and is told anew when it is back.
 */
export class EngineFeed implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #log: Log;
  readonly #mirrors = new Map<string, EngineMirror>();
  readonly #watched = new Map<string, Set<RowKind>>();
  readonly #statsOf = new Map<string, readonly string[]>();
  readonly #listed = new vscode.EventEmitter<void>();
  readonly #changed = new vscode.EventEmitter<readonly EngineChange[]>();
  readonly #stats = new vscode.EventEmitter<StatsNews>();
  readonly #subscriptions: vscode.Disposable[];
  #found: FoundEndpoints | undefined;
  #failure: string | undefined;
  #listing: Promise<void> | undefined;

  /** Fires when engines were looked for, or that failed, or the agent came or went. */
  readonly onDidList = this.#listed.event;
  readonly onDidChange = this.#changed.event;
  readonly onDidTellStats = this.#stats.event;

  constructor(agent: AgentClient, log: Log) {
    this.#agent = agent;
    this.#log = log;
    this.#subscriptions = [
      agent.onDidConnect(connection => void this.#resume(connection)),
      agent.onDidLose(() => this.#listed.fire()),
    ];
  }

  /** Undefined until engines have been looked for. */
  get found(): FoundEndpoints | undefined {
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

  endpoint(id: string): Endpoint | undefined {
    const found = this.#found?.endpoints.find(endpoint => endpoint.id === id);
    const mirror = this.#mirrors.get(id);
    return found && mirror ? { ...found, state: mirror.state } : found;
  }

  /** What is known of an engine's things; undefined where it was never watched. */
  mirror(endpoint: string): EngineMirror | undefined {
    return this.#mirrors.get(endpoint);
  }

  /** Looks for engines. A failure is kept as {@link failure}. */
  list(): Promise<void> {
    this.#listing ??= this.#list().finally(() => (this.#listing = undefined));
    return this.#listing;
  }

  /** Connects an engine and has it tell of these kinds from now on. */
  async watch(endpoint: string, kinds: readonly RowKind[]): Promise<void> {
    const watched = this.#watched.get(endpoint) ?? new Set();
    const fresh = kinds.filter(kind => !watched.has(kind));
    if (fresh.length === 0) return;
    this.#watched.set(endpoint, new Set([...watched, ...fresh]));
    const mirror = this.#mirrorOf(endpoint);
    if (mirror.state.kind === 'idle') {
      mirror.state = { kind: 'connecting', since: Date.now() };
      this.#changed.fire([{ endpoint, whole: true, rows: [] }]);
    }
    await this.#askToWatch(endpoint, fresh);
  }

  /** Lets an engine go. */
  async unwatch(endpoint: string): Promise<void> {
    this.#watched.delete(endpoint);
    this.#mirrors.delete(endpoint);
    this.#statsOf.delete(endpoint);
    this.#changed.fire([{ endpoint, whole: true, rows: [] }]);
    await this.#agent.connection?.request(unwatchEngine, { endpoint });
  }

  /** Tries an engine again at once. */
  async retry(endpoint: string): Promise<void> {
    const kinds = this.#watched.get(endpoint);
    if (kinds === undefined) return this.watch(endpoint, ['container']);
    await this.#askToWatch(endpoint, kinds);
    await this.#agent.request(retryEndpoint, { endpoint });
  }

  /** The containers whose usage somebody sees now, in place of those before. */
  watchStats(endpoint: string, containers: readonly string[]): void {
    if (same(this.#statsOf.get(endpoint) ?? [], containers)) return;
    this.#statsOf.set(endpoint, containers);
    const { connection } = this.#agent;
    if (connection !== undefined) void this.#sendStats(connection, endpoint, containers);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#listed.dispose();
    this.#changed.dispose();
    this.#stats.dispose();
  }

  async #list(): Promise<void> {
    try {
      const environment = engineEnvironment(process.env);
      this.#found = await this.#agent.request(listEndpoints, { environment });
      this.#failure = undefined;
      for (const { id, state } of this.#found.endpoints) {
        if (!this.#watched.has(id)) this.#mirrors.delete(id);
        else this.#mirrorOf(id).state = state;
      }
    } catch (error) {
      this.#failure = errorText(error);
      this.#log.warn('container engines cannot be listed', { reason: this.#failure });
    }
    this.#listed.fire();
  }

  async #resume(connection: AgentConnection): Promise<void> {
    connection.on(engineChanged, ({ number, engines }) => {
      this.#take(engines);
      connection.notify(ackEngines, { number });
    });
    connection.on(statsChanged, news => this.#stats.fire(news));
    connection.on(endpointsChanged, () => void this.list());
    if (this.#found === undefined && this.#failure === undefined) return;
    this.#statsOf.clear();
    await this.list();
    for (const [endpoint, kinds] of this.#watched) await this.#askToWatch(endpoint, kinds);
  }

  #take(engines: readonly EngineNews[]): void {
    const watched = engines.filter(({ endpoint }) => this.#watched.has(endpoint));
    for (const { endpoint, state } of watched) {
      // An engine that is back is told anew whose usage is wanted.
      if (state !== undefined && state.kind !== 'connected') this.#statsOf.delete(endpoint);
    }
    const changes = watched.map(news => this.#mirrorOf(news.endpoint).take(news));
    if (changes.length > 0) this.#changed.fire(changes);
  }

  /** A failure is told as the engine's state; what was asked for is asked for again by a new try or connection. */
  async #askToWatch(endpoint: string, kinds: Iterable<RowKind>): Promise<void> {
    try {
      await this.#agent.request(watchEngine, { endpoint, kinds: [...kinds] });
    } catch (error) {
      const message = errorText(error);
      this.#log.warn('an engine cannot be watched', { endpoint, reason: message });
      if (!this.#watched.has(endpoint)) return;
      this.#mirrorOf(endpoint).state = { kind: 'failed', trouble: 'other', message, since: Date.now() };
      this.#changed.fire([{ endpoint, whole: true, rows: [] }]);
    }
  }

  async #sendStats(
    connection: AgentConnection,
    endpoint: string,
    containers: readonly string[],
  ): Promise<void> {
    try {
      await connection.request(watchStats, { endpoint, containers: [...containers] });
    } catch (error) {
      this.#log.warn('usage of containers cannot be watched', { endpoint, reason: errorText(error) });
    }
  }

  #mirrorOf(endpoint: string): EngineMirror {
    let mirror = this.#mirrors.get(endpoint);
    if (mirror === undefined) {
      const state = this.#found?.endpoints.find(({ id }) => id === endpoint)?.state;
      mirror = new EngineMirror(endpoint, state);
      this.#mirrors.set(endpoint, mirror);
    }
    return mirror;
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
