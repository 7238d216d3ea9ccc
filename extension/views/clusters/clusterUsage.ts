import * as vscode from 'vscode';
import { readMetrics, type Usage } from '../../../agent/protocol/clusterObjects';
import type { AgentClient } from '../../agent/agentClient';
import type { TableKey } from '../../agent/clusterFeed';
import { errorText } from '../../agent/errorText';
import type { Log } from '../../log';
import { UsageHistory, type UsedThing } from './usageHistory';

/** What measures does so each 15 seconds, unless it is told otherwise. */
const pollMs = 15_000;
/** How long a cluster that measures nothing is left alone. */
const absentMs = 5 * 60_000;

/** Kinds whose objects are measured. */
type Measured = 'pods' | 'nodes';

/** CPU and memory of the pods and nodes that are seen, where their cluster measures them. Where it does not, that is said once. */
export class ClusterUsage implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #log: Log;
  readonly #history = new UsageHistory();
  readonly #absent = new Map<string, { why: string; until: number }>();
  readonly #asking = new Set<string>();
  readonly #changed = new vscode.EventEmitter<TableKey>();
  #seen = new Map<string, TableKey>();
  #timer: NodeJS.Timeout | undefined;

  /** Fires with the table whose rows have been measured. */
  readonly onDidChange = this.#changed.event;

  constructor(agent: AgentClient, log: Log) {
    this.#agent = agent;
    this.#log = log;
  }

  /** Has the pods and nodes of these tables measured from now on, in place of those before. */
  watch(keys: readonly TableKey[]): void {
    const before = this.#seen;
    this.#seen = new Map(keys.filter(({ kind }) => isMeasured(kind)).map(key => [textOf(key), key]));
    for (const [text, key] of this.#seen) if (!before.has(text)) void this.#ask(key);
    for (const text of before.keys()) if (!this.#seen.has(text)) this.#history.forget(text);
    if (this.#seen.size > 0) this.#timer ??= setInterval(() => this.#poll(), pollMs);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  /** The last values of a row, oldest first; undefined where it was not measured. */
  of(key: TableKey, thing: UsedThing): readonly Usage[] | undefined {
    return this.#history.of(textOf(key), thing);
  }

  /** Why nothing is measured in a cluster; undefined where something is, or nobody knows yet. */
  whyNone(context: string): string | undefined {
    return this.#absent.get(context)?.why;
  }

  /** The cluster is let go of: whoever has it again asks anew. */
  forget(context: string): void {
    this.#absent.delete(context);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#changed.dispose();
  }

  #poll(): void {
    for (const key of this.#seen.values()) void this.#ask(key);
  }

  async #ask(key: TableKey): Promise<void> {
    const { context, kind, namespace } = key;
    const text = textOf(key);
    if (!isMeasured(kind) || this.#asking.has(text)) return;
    if (Date.now() < (this.#absent.get(context)?.until ?? 0)) return;
    this.#asking.add(text);
    try {
      const place = namespace === undefined ? {} : { namespace };
      const {
        available,
        message = '',
        items,
      } = await this.#agent.request(readMetrics, { context, kind, ...place });
      if (!available) return this.#miss(context, message);
      this.#absent.delete(context);
      if (this.#seen.has(text) && this.#history.take(text, items)) this.#changed.fire(key);
    } catch (error) {
      // That it may not be read, or that the cluster is gone, which its own row says.
      this.#miss(context, errorText(error));
    } finally {
      this.#asking.delete(text);
    }
  }

  #miss(context: string, why: string): void {
    if (this.#absent.get(context)?.why !== why) this.#log.info('nothing is measured', { context, why });
    this.#absent.set(context, { why, until: Date.now() + absentMs });
  }
}

function isMeasured(kind: string): kind is Measured {
  return kind === 'pods' || kind === 'nodes';
}

function textOf({ context, kind, namespace }: TableKey): string {
  return JSON.stringify([context, kind, namespace ?? null]);
}
