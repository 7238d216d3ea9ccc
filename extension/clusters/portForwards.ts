import * as vscode from 'vscode';
import { userName } from '../../agent/client/userName';
import { endForward, forwardPort, forwardsChanged, type Forward } from '../../agent/protocol/clusterStreams';
import type { AgentClient } from '../agent/agentClient';
import { forwardKey, type KnownForward, type RememberedForward } from './knownForward';

/** Where the workspace remembers them. */
const memoryKey = 'handrail.clusters.forwards';

/**
 * The ports of clusters that this window forwards, and those that its workspace remembers. The agent forwards for as long
 * as the connection lasts; what was forwarded before waits here for a person to start it again.
 */
export class PortForwards implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<readonly string[]>();
  readonly #subscriptions: vscode.Disposable[];
  #open: readonly Forward[] = [];

  /** Fires with the contexts whose forwards are others, or are in another state. */
  readonly onDidChange = this.#changed.event;

  constructor(agent: AgentClient, memory: vscode.Memento) {
    this.#agent = agent;
    this.#memory = memory;
    this.#subscriptions = [
      agent.onDidConnect(connection => connection.on(forwardsChanged, told => this.#take(told.forwards))),
      agent.onDidLose(() => this.#take([])),
    ];
    agent.connection?.on(forwardsChanged, told => this.#take(told.forwards));
  }

  /** In the order in which they were begun first. */
  get all(): KnownForward[] {
    const open = new Map(this.#open.map(forward => [forwardKey(forward), forward]));
    return this.#remembered().map(one => {
      const forward = open.get(forwardKey(one));
      return { ...one, ...(forward !== undefined && { forward }) };
    });
  }

  /** Those of a context. */
  of(context: string): KnownForward[] {
    return this.all.filter(one => one.context === context);
  }

  find(key: string): KnownForward | undefined {
    return this.all.find(one => forwardKey(one) === key);
  }

  /** Forwards a port, by a free one of this machine where `local` is absent, and remembers it. */
  async start(
    wanted: Omit<RememberedForward, 'local'> & { readonly local?: number },
    confirmed: string | undefined,
  ): Promise<Forward> {
    const { context, namespace, kind, name, remote, local } = wanted;
    const { forward } = await this.#agent.request(forwardPort, {
      ...{ context, namespace, kind, name, remote, by: userName(process.env) },
      ...(local !== undefined && { local }),
      ...(confirmed !== undefined && { confirmed }),
    });
    const own = { context, namespace, kind, name, remote, local: forward.local };
    const others = this.#remembered().filter(one => forwardKey(one) !== forwardKey(own));
    const known = this.#remembered().some(one => forwardKey(one) === forwardKey(own));
    if (!known) await this.#memory.update(memoryKey, [...others, own]);
    if (!this.#open.some(({ id }) => id === forward.id)) this.#take([...this.#open, forward]);
    return forward;
  }

  /** Ends a forward where it goes on, and forgets it. */
  async stop(key: string): Promise<void> {
    const known = this.find(key);
    if (known === undefined) return;
    const rest = this.#remembered().filter(one => forwardKey(one) !== key);
    await this.#memory.update(memoryKey, rest);
    const { forward } = known;
    if (forward !== undefined) {
      this.#open = this.#open.filter(({ id }) => id !== forward.id);
      await this.#agent.request(endForward, { id: forward.id });
    }
    this.#changed.fire([known.context]);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #remembered(): readonly RememberedForward[] {
    return this.#memory.get<readonly RememberedForward[]>(memoryKey, []);
  }

  #take(forwards: readonly Forward[]): void {
    const contexts = new Set([...this.#open, ...forwards].map(({ context }) => context));
    this.#open = forwards;
    this.#changed.fire([...contexts]);
  }
}
