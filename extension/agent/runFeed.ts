import * as vscode from 'vscode';
import type { AgentConnection } from '../../agent/client/connection';
import type { ParamsOf } from '../../agent/protocol/message';
import { listRuns, runsChanged, watchRuns, type RunSummary } from '../../agent/protocol/runs';
import type { Log } from '../log';
import type { AgentClient } from './agentClient';
import { errorText } from './errorText';

/** What the agent told about one run. */
export type RunChange = ParamsOf<typeof runsChanged>['runs'][number];

const page = 100;

/**
 * The runs that this window knows of, kept up to date while it is connected. One watch serves the notebooks, the
 * outputs and the views.
 */
export class RunFeed implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #log: Log;
  readonly #runs = new Map<string, RunSummary>();
  readonly #going = new Map<string, RunSummary>();
  readonly #changed = new vscode.EventEmitter<readonly RunChange[]>();
  readonly #advanced = new vscode.EventEmitter<readonly RunChange[]>();
  readonly #listed = new vscode.EventEmitter<readonly RunSummary[]>();
  readonly #subscriptions: vscode.Disposable[];
  #more = false;
  #sorted: readonly RunSummary[] | undefined;

  /** Fires with what changed while connected. */
  readonly onDidChange = this.#changed.event;
  /** Fires with what changed beside output, while connected. */
  readonly onDidAdvance = this.#advanced.event;
  /** Fires when {@link runs} was read anew or got older ones, with what the agent told; with nothing for a run begun here. */
  readonly onDidList = this.#listed.event;

  constructor(agent: AgentClient, log: Log) {
    this.#agent = agent;
    this.#log = log;
    this.#subscriptions = [agent.onDidConnect(connection => void this.#watch(connection))];
  }

  /** Newest first. */
  get runs(): readonly RunSummary[] {
    this.#sorted ??= [...this.#runs.values()].sort((a, b) => b.startedAt - a.startedAt);
    return this.#sorted;
  }

  /** Whether there are older ones than {@link runs} holds. */
  get more(): boolean {
    return this.#more;
  }

  /** How many go on now. */
  get going(): number {
    return this.#going.size;
  }

  /** A run of a runbook that goes on now: of several the newest. */
  goingIn(file: string): RunSummary | undefined {
    const runs = [...this.#going.values()].filter(run => run.file === file);
    return runs.reduce<RunSummary | undefined>(
      (newest, run) => (newest !== undefined && newest.startedAt >= run.startedAt ? newest : run),
      undefined,
    );
  }

  run(id: string): RunSummary | undefined {
    return this.#runs.get(id);
  }

  /** Takes a run that was just started here: its first change may come before the answer to the request, or after. */
  note(run: RunSummary): void {
    if (this.#keep(run)) this.#listed.fire([]);
  }

  /** Reads one more page of older runs. */
  async readMore(): Promise<void> {
    const last = this.runs.at(-1);
    if (last !== undefined) await this.#list(await this.#agent.connect(), last.id);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#advanced.dispose();
    this.#listed.dispose();
  }

  async #watch(connection: AgentConnection): Promise<void> {
    connection.on(runsChanged, ({ runs }) => {
      // A change's steps count even where its run came first in the answer to a request.
      const advanced = runs.filter(({ run, steps }) => this.#keep(run) || steps.length > 0);
      this.#changed.fire(runs);
      if (advanced.length > 0) this.#advanced.fire(advanced);
    });
    try {
      await connection.request(watchRuns, {});
      await this.#list(connection);
    } catch (error) {
      this.#log.warn('runs cannot be listed', { reason: errorText(error) });
    }
  }

  async #list(connection: AgentConnection, before?: string): Promise<void> {
    const { runs, more } = await connection.request(listRuns, {
      limit: page,
      ...(before === undefined ? {} : { before }),
    });
    for (const run of runs) this.#keep(run);
    this.#more = more;
    this.#listed.fire(runs);
  }

  /** Of two answers about one run the later state counts, in whatever order they arrive. */
  #keep(run: RunSummary): boolean {
    const known = this.#runs.get(run.id);
    if (known !== undefined && known.seq >= run.seq) return false;
    this.#runs.set(run.id, run);
    if (run.state === 'running') this.#going.set(run.id, run);
    else this.#going.delete(run.id);
    this.#sorted = undefined;
    return true;
  }
}
