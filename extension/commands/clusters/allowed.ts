import * as vscode from 'vscode';
import { listAllowed } from '../../../agent/protocol/clusterObjects';
import type { AgentClient } from '../../agent/agentClient';
import type { Log } from '../../log';
import type { Rules } from './rights';

/** Where rights are asked for. */
export interface RightsPlace {
  readonly context: string;
  /** `default` for what is in no namespace. */
  readonly namespace: string;
}

interface Known {
  readonly rules: Rules | undefined;
  readonly at: number;
}

/** How long an answer counts, in milliseconds; as long as the agent keeps it. */
const keptMs = 60_000;

/** What the person may do in the namespaces that they look at, as the clusters tell. */
export class Allowed implements vscode.Disposable {
  readonly #agent: Pick<AgentClient, 'request'>;
  readonly #log: Pick<Log, 'info'>;
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, Promise<Rules | undefined>>();
  readonly #changed = new vscode.EventEmitter<RightsPlace>();

  /** Fires when another answer is known than before. */
  readonly onDidChange = this.#changed.event;

  constructor(agent: Pick<AgentClient, 'request'>, log: Pick<Log, 'info'>) {
    this.#agent = agent;
    this.#log = log;
  }

  /** What is known now; asks where that is nothing, or is old. */
  of(place: RightsPlace): Rules | undefined {
    const known = this.#known.get(keyOf(place));
    if (known === undefined || Date.now() - known.at > keptMs) void this.ask(place);
    return known?.rules;
  }

  /** What the cluster says now; undefined where it does not tell. */
  ask(place: RightsPlace): Promise<Rules | undefined> {
    const key = keyOf(place);
    const under = this.#asked.get(key) ?? this.#ask(place).finally(() => this.#asked.delete(key));
    this.#asked.set(key, under);
    return under;
  }

  /** A context was let go, or has others who use it. */
  forget(context: string): void {
    for (const key of this.#known.keys())
      if ((JSON.parse(key) as string[])[0] === context) this.#known.delete(key);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #ask(place: RightsPlace): Promise<Rules | undefined> {
    const before = this.#known.get(keyOf(place))?.rules;
    const rules = await this.#request(place);
    this.#known.set(keyOf(place), { rules, at: Date.now() });
    if (JSON.stringify(rules) !== JSON.stringify(before)) this.#changed.fire(place);
    return rules;
  }

  /** Who may not even ask, may do it all the same: nothing is disabled for it. */
  async #request({ context, namespace }: RightsPlace): Promise<Rules | undefined> {
    try {
      const { rules, incomplete } = await this.#agent.request(listAllowed, { context, namespace });
      return { rules, incomplete };
    } catch (error) {
      this.#log.info(`What is allowed in ${namespace} of ${context} is not known: ${String(error)}`);
      return undefined;
    }
  }
}

function keyOf({ context, namespace }: RightsPlace): string {
  return JSON.stringify([context, namespace]);
}
