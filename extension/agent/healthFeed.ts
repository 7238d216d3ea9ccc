import * as vscode from 'vscode';
import type { AgentConnection } from '../../agent/client/connection';
import {
  checksChanged,
  newCommands,
  probeCheck,
  readChecks,
  watchChecks,
  type CheckCommand,
  type CheckProblem,
  type CheckRow,
} from '../../agent/protocol/health';
import type { HealthChoices } from '../health/healthChoices';
import type { HealthFiles } from '../health/healthFiles';
import type { Log } from '../log';
import type { AgentClient } from './agentClient';
import { clusterEnvironment } from './clusterEnvironment';

/** Marks that are remembered: fewer than the agent takes. */
const mostAllowed = 10_000;

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

  /** The checks that would run a command which is not allowed yet. */
  async unallowed(): Promise<CheckRow[]> {
    const { checks } = await this.#agent.request(readChecks, { files: [...this.#files.paths] });
    const allowed = new Set(this.#choices.now.allowed);
    return checks.filter(({ command }) => command !== undefined && !allowed.has(command.mark));
  }

  /** Looks at the checks from now on; those with a command only where it is among these or was allowed before. */
  async enable(marks: readonly string[]): Promise<void> {
    await this.#remember(marks);
    await this.#choices.set({ enabled: true });
    await this.refresh();
  }

  async disable(): Promise<void> {
    await this.#choices.set({ enabled: false });
    await this.refresh();
  }

  /** Lets the commands of these checks run from now on. */
  async allow(marks: readonly string[]): Promise<void> {
    await this.#remember(marks);
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
      const before = new Map(this.#rows);
      this.#rows.clear();
      for (const row of checks) this.#rows.set(row.id, row);
      this.#problems = problems;
      // What turned while the files were read, or the agent was away, is news all the same.
      if (this.isEnabled) for (const row of checks) this.#tellTurn(before.get(row.id), row);
      this.#isLive = true;
    } catch (error) {
      this.#log.error('checks cannot be watched', error);
    }
    this.#changed.fire(undefined);
  }

  /** What is new in a file by an edit that the person has saved here is their own; what was held before is not. */
  async #allowOwn(files: readonly string[]): Promise<void> {
    const edits = this.#files.edits.take().filter(({ file }) => files.includes(file));
    if (!this.isEnabled) return;
    const held = this.rows.flatMap(({ state, command }) => (state === 'held' && command) || []);
    const isHeld = ({ text, mark }: CheckCommand): boolean =>
      held.some(other => other.mark === mark || other.text === text);
    for (const edit of edits) {
      const { commands, isKnown } = await this.#agent.request(newCommands, edit);
      if (!isKnown) this.#files.edits.beginAgain(edit);
      await this.#remember(commands.filter(command => !isHeld(command)).map(({ mark }) => mark));
    }
  }

  /** The newest stay: what is not run any more need not be remembered. */
  async #remember(marks: readonly string[]): Promise<void> {
    if (marks.length === 0) return;
    const allowed = [...new Set([...this.#choices.now.allowed, ...marks])].slice(-mostAllowed);
    await this.#choices.set({ allowed });
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
      const before = this.#rows.get(row.id);
      this.#rows.set(row.id, row);
      this.#tellTurn(before, row);
    }
    this.#changed.fire(known);
  }

  #tellTurn(before: CheckRow | undefined, row: CheckRow): void {
    if (before === undefined) return;
    // Nobody was told of it while what it needs was down.
    const isLetGo = row.state === 'down' && before.heldBackBy !== undefined && row.heldBackBy === undefined;
    if (before.state !== row.state || isLetGo) this.#turned.fire({ row, before: before.state });
  }
}
