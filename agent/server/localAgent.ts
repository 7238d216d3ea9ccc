import * as path from 'node:path';
import type { Clusters } from '../clusters/clusters';
import type { Containers } from '../containers/containers';
import type { Health } from '../health/health';
import type { Folders } from '../folders';
import type { RunRequest } from '../engine/types';
import { HandrailError } from '../protocol/errors';
import type { PlanWarning } from '../protocol/plan';
import type { Diagnostic } from '../runbook/model';
import type { Agent, Engine } from './agent';
import type { Wire } from '../transport/wire';
import { ClientConnection } from './clientConnection';
import type { Activity } from './idleExit';
import type { LazyEngine } from './lazyEngine';
import type { Log } from './log';
import { RunFeed } from './runFeed';

/** Milliseconds within which a client has to say who it is. */
const usualDeadline = 5000;

interface Parts {
  readonly version: string;
  readonly folders: Folders;
  readonly log: Log;
  readonly engine: LazyEngine;
  readonly leave: (reason: string) => void;
  /** Milliseconds for the handshake (5,000). */
  readonly handshakeDeadline?: number;
}

/** The agent as its clients' requests see it, and the clients it has. */
export class LocalAgent implements Agent {
  readonly version: string;
  readonly startedAt = new Date();
  readonly log: Log;
  readonly feed = new RunFeed();
  readonly exports: string;
  readonly leave: (reason: string) => void;
  socket = '';
  readonly #engine: LazyEngine;
  readonly #folders: Folders;
  readonly #handshakeDeadline: number;
  readonly #clients = new Set<ClientConnection>();
  readonly #listeners: (() => void)[] = [];
  #containers: Promise<Containers> | undefined;
  #clusters: Promise<Clusters> | undefined;
  #health: Promise<Health> | undefined;
  #refusal: string | undefined;

  constructor({ version, folders, log, engine, leave, handshakeDeadline = usualDeadline }: Parts) {
    this.version = version;
    this.log = log;
    this.exports = path.join(folders.data, 'exports');
    this.leave = leave;
    this.#engine = engine;
    this.#folders = folders;
    this.#handshakeDeadline = handshakeDeadline;
  }

  engine(): Engine {
    return this.#engine.get();
  }

  openEngine(): Engine | undefined {
    return this.#engine.opened;
  }

  containers(): Promise<Containers> {
    return (this.#containers ??= this.#loadContainers());
  }

  clusters(): Promise<Clusters> {
    return (this.#clusters ??= this.#loadClusters());
  }

  health(): Promise<Health> {
    return (this.#health ??= this.#loadHealth());
  }

  /** Lets go of every container engine, every cluster and every check. */
  async closeAreas(): Promise<void> {
    const areas = await Promise.all([this.#containers, this.#clusters, this.#health]);
    this.#containers = undefined;
    this.#clusters = undefined;
    this.#health = undefined;
    for (const area of areas) area?.close();
  }

  clientCount(): number {
    return this.#clients.size;
  }

  /** What would be cut off if we left now. */
  activity(): Activity {
    const runs = this.#engine.opened?.runs;
    return {
      clients: this.#clients.size,
      runs: runs?.size ?? 0,
      sessionsUsedAt: runs?.sessions().map(session => session.usedAt) ?? [],
    };
  }

  /** Whether a run or a session's state would be lost with us. */
  isNeeded(): boolean {
    const { runs, sessionsUsedAt } = this.activity();
    return runs > 0 || sessionsUsedAt.length > 0;
  }

  /** Calls back whenever a client came or went, or a run ended. */
  onActivity(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** From now on nobody starts a run here. */
  refuseRuns(reason: string): void {
    this.#refusal = reason;
  }

  startRun(request: RunRequest): ReturnType<Agent['startRun']> {
    const reason = this.#refusal;
    if (reason !== undefined) {
      const message = `The agent leaves, because ${reason}; connect again`;
      throw new HandrailError('busy', message, { reason: 'leaving' });
    }
    const warnings: Diagnostic[] = [];
    const observer = this.feed.withPlan(found => warnings.push(...found));
    const run = this.engine().runs.start(request, observer);
    // It is no longer counted only after whoever waits for its end was told.
    const changed = (): void => void setImmediate(() => this.#changed());
    void run.ended.then(changed, changed);
    return { run: run.record, warnings: warnings.map(warning => sentWarning(warning, request.file)) };
  }

  /** Serves whoever is on the other end of a wire; `token` is what it must know, undefined on stdio. */
  serve(wire: Wire, token: string | undefined): ClientConnection {
    const connection = new ClientConnection(this, wire, token, this.#handshakeDeadline);
    this.#clients.add(connection);
    this.#changed();
    void connection.closed.then(() => {
      this.#clients.delete(connection);
      this.#changed();
    });
    return connection;
  }

  /** Lets go of every client, with what it has asked answered. */
  async dismissClients(reason: string): Promise<void> {
    const clients = [...this.#clients];
    for (const client of clients) client.finish(reason);
    await Promise.all(clients.map(client => client.closed));
  }

  async #loadContainers(): Promise<Containers> {
    const { createContainers } = await import('../containers/containers');
    const report = (error: unknown): void =>
      this.log.error('Something went wrong with a container engine', error);
    return createContainers({ folders: this.#folders, report });
  }

  async #loadClusters(): Promise<Clusters> {
    const { createClusters } = await import('../clusters/clusters');
    const report = (error: unknown): void => this.log.error('Something went wrong with a cluster', error);
    return createClusters({ folders: this.#folders, report });
  }

  async #loadHealth(): Promise<Health> {
    const { createHealth } = await import('../health/health');
    const report = (error: unknown): void => this.log.error('Results of checks cannot be kept', error);
    return createHealth(this.#folders.data, report);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function sentWarning({ line, column, message, hint }: Diagnostic, file: string): PlanWarning {
  return { file, line, column, message, ...(hint !== undefined && { hint }) };
}
