import * as vscode from 'vscode';
import { getRun, type RunSummary, type StepRecord } from '../../agent/protocol/runs';
import type { AgentClient } from '../agent/agentClient';
import { errorText } from '../agent/errorText';
import type { RunFeed } from '../agent/runFeed';
import type { Log } from '../log';

/** A step that waits for a person's answer. */
export interface Question {
  readonly run: RunSummary;
  readonly step: StepRecord;
}

/** The steps that ask now, of all runs that go on: a reload of the window and a return of the agent find them again. */
export class Questions implements vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #feed: RunFeed;
  readonly #log: Log;
  readonly #open = new Map<string, Question>();
  readonly #asked = new vscode.EventEmitter<Question>();
  readonly #subscriptions: vscode.Disposable[];

  /** Fires once for each question, as soon as it is known. */
  readonly onDidAsk = this.#asked.event;

  constructor(agent: AgentClient, feed: RunFeed, log: Log) {
    this.#agent = agent;
    this.#feed = feed;
    this.#log = log;
    this.#subscriptions = [
      feed.onDidAdvance(changes => {
        for (const { run, steps } of changes) this.#take(run, steps);
      }),
      feed.onDidList(() => void this.#look()),
    ];
  }

  /** What a run asks now: of several the first. */
  ofRun(run: string): Question | undefined {
    return [...this.#open.values()].find(question => question.run.id === run);
  }

  /** What a step asks now. */
  of(run: string, step: number): Question | undefined {
    return this.#open.get(idOf(run, step));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#asked.dispose();
  }

  async #look(): Promise<void> {
    for (const { id, state } of this.#feed.runs) {
      if (state !== 'running') continue;
      try {
        const { run } = await this.#agent.request(getRun, { run: id });
        this.#take(run, run.steps);
      } catch (error) {
        this.#log.warn('a run cannot be asked for its questions', { reason: errorText(error) });
      }
    }
  }

  #take(run: RunSummary, steps: readonly StepRecord[]): void {
    for (const step of steps) {
      const id = idOf(run.id, step.index);
      const known = this.#open.has(id);
      if (step.asks === undefined) this.#open.delete(id);
      else {
        this.#open.set(id, { run, step });
        if (!known) this.#asked.fire({ run, step });
      }
    }
  }
}

function idOf(run: string, step: number): string {
  return `${run}/${String(step)}`;
}
