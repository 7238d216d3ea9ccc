import * as vscode from 'vscode';
import { lastSteps, type RunSummary, type StepRecord } from '../../../agent/protocol/runs';
import { matchSteps } from '../../../agent/runbook/matchSteps';
import type { AgentClient } from '../../agent/agentClient';
import { errorText } from '../../agent/errorText';
import type { RunFeed } from '../../agent/runFeed';
import type { Log } from '../../log';
import { SingleFlight } from '../singleFlight';
import type { Outline } from './outline';

/** The last result of runbooks and of their cells, as far as an agent is there to tell. */
export class LastResults implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #feed: RunFeed;
  readonly #log: Log;
  readonly #steps = new Map<string, StepRecord[]>();
  readonly #reads = new SingleFlight<StepRecord[]>();
  readonly #changed = new vscode.EventEmitter<string | undefined>();
  readonly #subscriptions: vscode.Disposable[];
  #generation = 0;

  /** Fires with the path of the file whose results changed, or undefined for all. */
  readonly onDidChange = this.#changed.event;

  constructor(agent: AgentClient, feed: RunFeed, log: Log) {
    this.#agent = agent;
    this.#feed = feed;
    this.#log = log;
    this.#subscriptions = [
      feed.onDidAdvance(changes => {
        for (const { run } of changes) this.#forget(run.file);
      }),
      feed.onDidList(() => {
        this.#generation++;
        this.#reads.forget();
        this.#steps.clear();
        this.#changed.fire(undefined);
      }),
    ];
  }

  /** The last run of a file. */
  ofFile(file: string): RunSummary | undefined {
    return this.#feed.runs.find(run => run.file === file);
  }

  /** The last step of each cell of a file, by the cell's index. Empty while no agent is connected. */
  async ofCells(file: string, outline: Outline): Promise<ReadonlyMap<number, StepRecord>> {
    const steps = this.#steps.get(file) ?? (await this.#reads.read(file, () => this.#read(file)));
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

  async #read(file: string): Promise<StepRecord[]> {
    const connection = this.#agent.connection;
    if (connection === undefined) return [];
    const generation = this.#generation;
    try {
      const { steps } = await connection.request(lastSteps, { file });
      const records = steps.map(({ step }) => step);
      // What came meanwhile is newer than this answer.
      if (generation === this.#generation) this.#steps.set(file, records);
      return records;
    } catch (error) {
      this.#log.warn('last results cannot be read', { reason: errorText(error) });
      return [];
    }
  }

  #forget(file: string): void {
    this.#generation++;
    this.#reads.forget(file);
    this.#steps.delete(file);
    this.#changed.fire(file);
  }
}
