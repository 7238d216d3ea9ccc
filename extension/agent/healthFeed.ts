import * as vscode from 'vscode';
import type { AgentConnection } from '../../agent/client/connection';
import {
  checksChanged,
  probeCheck,
  readChecks,
  watchChecks,
  type CheckProblem,
  type CheckRow,
} from '../../agent/protocol/health';
import type { HealthChoices } from '../health/healthChoices';
import type { HealthFiles } from '../health/healthFiles';
import type { Log } from '../log';
import type { AgentClient } from './agentClient';
import { clusterEnvironment } from './clusterEnvironment';

/** A check that is in another state than before. */
export interface Transition {
  readonly row: CheckRow;
  readonly before: CheckRow['state'];
}

/**
 * The checks of this window's files, as the agent tells of them. They are looked at only where the person has enabled
 * that in this workspace; until then it is only known which there are.
 */
export class HealthFeed implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #files: HealthFiles;
  readonly #choices: HealthChoices;
  readonly #log: Log;
  readonly #rows = new Map<string, CheckRow>();
  readonly #changed = new vscode.EventEmitter<readonly CheckRow[] | undefined>();
  readonly #turned = new vscode.EventEmitter<Transition>();
  readonly #subscriptions: { dispose(): unknown }[];
  #problems: readonly CheckProblem[] = [];
  #reading = Promise.resolve();
  #isLive = false;

  /** Fires with the rows that changed; without any where there may be others. */
  readonly onDidChange = this.#changed.event;
  readonly onDidTurn = this.#turned.event;

  constructor(agent: AgentClient, files: HealthFiles, choices: HealthChoices, log: Log) {
    this.#agent = agent;
    this.#files = files;
    this.#choices = choices;
    this.#log = log;
    this.#subscriptions = [
      files.onDidChange(() => void this.refresh()),
      agent.onDidConnect(connection => this.#resume(connection)),
      agent.onDidLose(() => this.#lose()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.refresh()),
    ];
  }

  get rows(): readonly CheckRow[] {
    return [...this.#rows.values()];
  }

  row(id: string): CheckRow | undefined {
    return this.#rows.get(id);
  }

  get problems(): readonly CheckProblem[] {
    return this.#problems;
  }

  get files(): readonly string[] {
    return this.#files.paths;
  }

  /** Whether checks are looked at, as far as this window wants it. */
  get isEnabled(): boolean {
    return this.#choices.now.enabled && vscode.workspace.isTrusted;
  }

  /** Whether the agent is there: otherwise all that is known is of before. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Allows every command that the checks have now, and looks at them from now on. */
  async enable(): Promise<void> {
    const { checks } = await this.#agent.request(readChecks, { files: [...this.#files.paths] });
    const allowed = checks.flatMap(({ command }) => command?.mark ?? []);
    await this.#choices.set({ enabled: true, allowed });
    await this.refresh();
  }

  async disable(): Promise<void> {
    await this.#choices.set({ enabled: false });
    await this.refresh();
  }

  /** Lets the commands of these checks run from now on. */
  async allow(marks: readonly string[]): Promise<void> {
    await this.#choices.set({ allowed: [...new Set([...this.#choices.now.allowed, ...marks])] });
    await this.refresh();
  }

  async probe(id: string): Promise<void> {
    await this.#agent.request(probeCheck, { check: id });
  }

  /** Has the agent read the files again. Never rejects. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#turned.dispose();
  }

  async #read(): Promise<void> {
    const files = [...this.#files.paths];
    // Nobody starts an agent for checks that nobody wants looked at, and that nobody sees.
    if (!this.isEnabled && this.#agent.connection === undefined) return this.#changed.fire(undefined);
    try {
      await this.#allowOwn(files);
      const { checks, problems } = this.isEnabled ? await this.#watch(files) : await this.#onlyRead(files);
      this.#isLive = true;
      this.#rows.clear();
      for (const row of checks) this.#rows.set(row.id, row);
      this.#problems = problems;
    } catch (error) {
      this.#log.error('checks cannot be watched', error);
    }
    this.#changed.fire(undefined);
  }

  /** What is new in a file that the person has just saved here is their own. */
  async #allowOwn(files: readonly string[]): Promise<void> {
    const saved = this.#files.takeSaved();
    const own = files.filter(file => saved.has(file));
    if (own.length === 0 || !this.isEnabled) return;
    const { checks } = await this.#agent.request(readChecks, { files: own });
    const marks = checks.flatMap(({ command }) => command?.mark ?? []);
    await this.#choices.set({ allowed: [...new Set([...this.#choices.now.allowed, ...marks])] });
  }

  #watch(files: string[]) {
    const environment = clusterEnvironment(process.env);
    return this.#agent.request(watchChecks, { files, environment, allowed: [...this.#choices.now.allowed] });
  }

  async #onlyRead(files: string[]) {
    if (vscode.workspace.isTrusted) {
      await this.#agent.request(watchChecks, { files: [], environment: {}, allowed: [] });
    }
    return this.#agent.request(readChecks, { files });
  }

  #resume(connection: AgentConnection): void {
    connection.on(checksChanged, ({ checks }) => this.#take(checks));
    void this.refresh();
  }

  #lose(): void {
    this.#isLive = false;
    this.#changed.fire(undefined);
  }

  #take(checks: readonly CheckRow[]): void {
    if (!this.isEnabled) return;
    const known = checks.filter(({ id }) => this.#rows.has(id));
    for (const row of known) {
      const before = this.#rows.get(row.id)?.state ?? 'pending';
      this.#rows.set(row.id, row);
      if (before !== row.state) this.#turned.fire({ row, before });
    }
    this.#changed.fire(known);
  }
}
