import * as vscode from 'vscode';
import type { AgentConnection } from '../../../agent/client/connection';
import { fileOf } from '../../../agent/protocol/fileOf';
import { lastSteps, type StepRecord } from '../../../agent/protocol/runs';
import { matchSteps } from '../../../agent/runbook/matchSteps';
import type { AgentClient } from '../../agent/agentClient';
import { errorText } from '../../agent/errorText';
import type { RunFeed } from '../../agent/runFeed';
import type { Log } from '../../log';
import { fileResult, type FileResult } from './fileResult';
import type { Outline } from './outline';

const readAtOnce = 8;

/**
 * The last results of runbooks and of their cells, as far as an agent is there to tell. Whoever asks gets what is known
 * at once; what is not, or may be out of date, is read then, and {@link onDidChange} fires when it is there.
 */
export class LastResults implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #feed: RunFeed;
  readonly #log: Log;
  readonly #steps = new Map<string, readonly StepRecord[]>();
  readonly #fresh = new Set<string>();
  readonly #wanted = new Set<string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #connection: AgentConnection | undefined;
  #workers = 0;

  readonly onDidChange = this.#changed.event;

  constructor(agent: AgentClient, feed: RunFeed, log: Log) {
    this.#agent = agent;
    this.#feed = feed;
    this.#log = log;
    this.#subscriptions = [
      feed.onDidAdvance(changes => this.#outdated(changes.map(({ run }) => run.file))),
      feed.onDidList(() => this.#listed()),
    ];
  }

  ofFile(file: string, outline: Outline): FileResult | undefined {
    const run = this.#feed.goingIn(file);
    if (run !== undefined) return { kind: 'going', run };
    return fileResult(this.ofCells(file, outline).values(), outline.keys.length);
  }

  /** The last step of each cell of a file, by the cell's index. */
  ofCells(file: string, outline: Outline): ReadonlyMap<number, StepRecord> {
    if (!this.#fresh.has(file)) this.#want(file);
    const steps = this.#steps.get(file) ?? [];
    const matches = matchSteps(
      steps.map(step => step.key),
      outline.keys,
    );
    return new Map(
      [...matches].flatMap(([cell, { position }]) =>
        steps[position] === undefined ? [] : [[cell, steps[position]]],
      ),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #listed(): void {
    const { connection } = this.#agent;
    // Where the same agent only told of more runs, those that have ended were known before, or are older.
    const going = this.#feed.runs.filter(({ state }) => state === 'running');
    if (connection === this.#connection) return this.#outdated(going.map(({ file }) => file));
    this.#connection = connection;
    this.#fresh.clear();
    this.#changed.fire();
  }

  #outdated(files: readonly string[]): void {
    for (const file of files) this.#fresh.delete(file);
    this.#changed.fire();
  }

  #want(file: string): void {
    if (this.#agent.connection === undefined) return;
    this.#wanted.add(file);
    if (this.#workers === readAtOnce) return;
    this.#workers++;
    void this.#work();
  }

  /** Never rejects. */
  async #work(): Promise<void> {
    for (const file of this.#wanted) {
      this.#wanted.delete(file);
      // What changes while it is read takes this back, so that it is read again.
      this.#fresh.add(file);
      await this.#read(file);
    }
    this.#workers--;
  }

  async #read(file: string): Promise<void> {
    try {
      const connection = this.#agent.connection;
      if (connection === undefined) return void this.#fresh.delete(file);
      const { steps } = await connection.request(lastSteps, { file });
      const own = steps.map(({ step }) => step).filter(step => fileOf({ file }, step) === file);
      this.#steps.set(file, own);
      this.#changed.fire();
    } catch (error) {
      this.#fresh.delete(file);
      this.#log.warn('last results cannot be read', { reason: errorText(error) });
    }
  }
}
