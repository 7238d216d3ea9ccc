import * as vscode from 'vscode';
import type * as z from 'zod';
import type { AgentCommand } from '../../agent/client/startAgent';
import { connectAgent } from '../../agent/client/connectAgent';
import { endAgent } from '../../agent/client/endAgent';
import type { AgentConnection } from '../../agent/client/connection';
import type { Folders } from '../../agent/folders';
import { grantTrust } from '../../agent/protocol/handshake';
import type { ParamsOf, RequestType, ResultOf } from '../../agent/protocol/message';
import type { Log } from '../log';
import { errorText } from './errorText';

/** What a person can know about the agent. `off`: not needed yet; `silent`: it is there, and does not answer. */
export type AgentState =
  | { readonly kind: 'off' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly pid: number; readonly version: string }
  | { readonly kind: 'silent'; readonly pid: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** What the window gives its connection. */
export interface AgentClientOptions {
  readonly folders: Folders;
  /** Id of this window. */
  readonly id: string;
  readonly start: () => AgentCommand;
  readonly trusted: () => boolean;
  readonly log: Log;
}

/** More deaths than this within a minute, and the agent is only started again by hand. */
const revivalsPerMinute = 3;

/**
 * The window's one connection to the agent: made on first need, made again when the agent has died. Disposed with
 * the window.
 */
export class AgentClient implements vscode.Disposable {
  readonly #options: AgentClientOptions;
  readonly #stateChanged = new vscode.EventEmitter<AgentState>();
  readonly #connected = new vscode.EventEmitter<AgentConnection>();
  readonly #lost = new vscode.EventEmitter<string>();
  readonly #closing = new AbortController();
  #state: AgentState = { kind: 'off' };
  #connection: AgentConnection | undefined;
  #pending: Promise<AgentConnection> | undefined;
  #revivals: number[] = [];
  #asking = 0;
  #restarting: AgentConnection | undefined;

  /** Fires with each change of {@link state}. */
  readonly onDidChangeState = this.#stateChanged.event;
  /** Fires after each handshake; what was told to an earlier connection has to be told again. */
  readonly onDidConnect = this.#connected.event;
  /** Fires when the agent has gone without being asked to, with the reason. */
  readonly onDidLose = this.#lost.event;

  constructor(options: AgentClientOptions) {
    this.#options = options;
  }

  get state(): AgentState {
    return this.#state;
  }

  /** The connection, if there is one now. */
  get connection(): AgentConnection | undefined {
    return this.#connection;
  }

  /** Whether somebody waits for an answer. */
  get isAsked(): boolean {
    return this.#asking > 0;
  }

  /**
   * Connects. In a trusted workspace the agent is started if there is none; in Restricted Mode only one that runs
   * already will do. Rejects with the reason.
   */
  async connect(): Promise<AgentConnection> {
    return this.#connection ?? (this.#pending ??= this.#open(this.#options.trusted()));
  }

  /** Connects for what may as well stay empty; undefined where that does not work. */
  async connectQuietly(): Promise<AgentConnection | undefined> {
    try {
      return await this.connect();
    } catch (error) {
      this.#options.log.info('not connected', { reason: errorText(error) });
      return undefined;
    }
  }

  /** Connects if need be and asks. */
  async request<P extends z.ZodType, R extends z.ZodType>(
    type: RequestType<P, R>,
    params: ParamsOf<RequestType<P, R>>,
    signal?: AbortSignal,
  ): Promise<ResultOf<RequestType<P, R>>> {
    const connection = await this.connect();
    this.#asking++;
    try {
      return await connection.request(type, params, signal);
    } finally {
      this.#asking--;
    }
  }

  /** Takes note of whether the agent answers. */
  heard(connection: AgentConnection, answers: boolean): void {
    if (this.#connection !== connection || answers === (this.#state.kind === 'connected')) return;
    const { pid, version } = connection.agent;
    this.#options.log.warn(answers ? 'the agent answers again' : 'the agent does not answer', { pid });
    this.#become(answers ? { kind: 'connected', pid, version } : { kind: 'silent', pid });
  }

  /** Ends the agent, whatever it is at and even if it hangs, and starts a new one. */
  async restart(): Promise<void> {
    const connection = this.#connection;
    this.#revivals = [];
    if (connection !== undefined) {
      this.#restarting = connection;
      try {
        const how = await endAgent(connection);
        if (how === 'killed') this.#options.log.warn('the agent did not leave, and was killed');
        this.#drop(connection, 'restarted');
      } finally {
        this.#restarting = undefined;
      }
    }
    await this.connect();
  }

  /** The person trusted the workspace. */
  grantTrust(): void {
    this.#connection?.notify(grantTrust, {});
  }

  dispose(): void {
    this.#closing.abort();
    this.#connection?.dispose();
    this.#connection = undefined;
    this.#stateChanged.dispose();
    this.#connected.dispose();
    this.#lost.dispose();
  }

  async #open(start: boolean): Promise<AgentConnection> {
    const { folders, id, trusted } = this.#options;
    if (start) this.#become({ kind: 'connecting' });
    try {
      const trustedThen = trusted();
      const connection = await connectAgent({
        folders,
        client: { id, kind: 'editor' },
        trusted: trustedThen,
        ...(start ? { start: this.#options.start() } : {}),
        signal: this.#closing.signal,
      });
      this.#take(connection);
      if (!trustedThen && trusted()) this.grantTrust();
      return connection;
    } catch (error) {
      this.#become(start ? { kind: 'failed', reason: errorText(error) } : { kind: 'off' });
      throw error;
    } finally {
      this.#pending = undefined;
    }
  }

  #take(connection: AgentConnection): void {
    if (this.#closing.signal.aborted) {
      connection.dispose();
      throw new Error('the window is closing');
    }
    this.#connection = connection;
    void connection.closed.then(({ reason }) => this.#drop(connection, reason));
    this.#become({ kind: 'connected', pid: connection.agent.pid, version: connection.agent.version });
    this.#connected.fire(connection);
  }

  /** The connection is of no use any more; only the first caller's reason counts. */
  #drop(connection: AgentConnection, reason: string): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    connection.dispose();
    if (this.#closing.signal.aborted) return;
    this.#options.log.warn('the agent is gone', { reason });
    const revive = connection !== this.#restarting;
    this.#become(revive ? { kind: 'failed', reason } : { kind: 'connecting' });
    this.#lost.fire(revive ? reason : 'restarted');
    if (revive) this.#revive();
  }

  #revive(): void {
    const now = Date.now();
    this.#revivals = this.#revivals.filter(time => now - time < 60_000);
    if (this.#revivals.length >= revivalsPerMinute || !this.#options.trusted()) return;
    this.#revivals.push(now);
    const delay = 100 * 4 ** (this.#revivals.length - 1) * (0.75 + Math.random() / 2);
    const timer = setTimeout(() => void this.connectQuietly(), delay);
    this.#closing.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  #become(state: AgentState): void {
    if (this.#closing.signal.aborted) return;
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}
