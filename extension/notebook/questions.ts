import { getRun, type RunSummary, type StepRecord } from '../../agent/protocol/runs';
import type { AgentClient } from '../agent/agentClient';
import { errorText } from '../agent/errorText';
import type { RunFeed } from '../agent/runFeed';
import { Listeners } from '../listeners';
import type { Log } from '../log';

/** A step that waits for a person's answer. */
export interface Question {
  readonly run: RunSummary;
  readonly step: StepRecord;
}

/**
 * The steps that ask now, of all runs that go on: a reload of the window and a return of the agent find them again,
 * and with its run a question goes.
 */
export class Questions {
  readonly #agent: Pick<AgentClient, 'request' | 'onDidLose'>;
  readonly #feed: Pick<RunFeed, 'onDidAdvance' | 'onDidList' | 'run'>;
  readonly #log: Log;
  /** By run, then by step. */
  readonly #open = new Map<string, Map<number, Question>>();
  readonly #asked = new Listeners<Question>();
  readonly #changed = new Listeners<readonly string[]>();
  readonly #subscriptions: readonly { dispose(): unknown }[];

  /** Fires once for each question, as soon as it is known. */
  readonly onDidAsk = this.#asked.add;
  /** Fires with the runs whose questions were found, or are gone, without a change of the run that was told. */
  readonly onDidChange = this.#changed.add;

  constructor(
    agent: Pick<AgentClient, 'request' | 'onDidLose'>,
    feed: Pick<RunFeed, 'onDidAdvance' | 'onDidList' | 'run'>,
    log: Log,
  ) {
    this.#agent = agent;
    this.#feed = feed;
    this.#log = log;
    this.#subscriptions = [
      feed.onDidAdvance(changes => {
        for (const { run, steps } of changes) this.#take(run, steps);
      }),
      feed.onDidList(runs => void this.#look(runs)),
      // Nobody can answer now; what still asks is found again.
      agent.onDidLose(() => this.#forget([...this.#open.keys()])),
    ];
  }

  /** What a run asks now: of several the first. */
  ofRun(run: string): Question | undefined {
    return this.#open.get(run)?.values().next().value;
  }

  /** What a step asks now. */
  of(run: string, step: number): Question | undefined {
    return this.#open.get(run)?.get(step);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#asked.dispose();
    this.#changed.dispose();
  }

  /** Asks those that go on for their steps: what they asked before this window was there came with no change. */
  async #look(runs: readonly RunSummary[]): Promise<void> {
    this.#forget(runs.flatMap(({ id, state }) => (state === 'running' ? [] : id)));
    for (const { id } of runs.filter(({ state }) => state === 'running')) {
      try {
        const { run } = await this.#agent.request(getRun, { run: id });
        // What changed while this was on its way has been told since.
        if (run.seq < (this.#feed.run(id)?.seq ?? 0)) continue;
        this.#take(run, run.steps);
        this.#changed.tell([id]);
      } catch (error) {
        this.#log.warn('a run cannot be asked for its questions', { reason: errorText(error) });
      }
    }
  }

  #take(run: RunSummary, steps: readonly StepRecord[]): void {
    if (run.state !== 'running') return void this.#open.delete(run.id);
    const open = this.#open.get(run.id) ?? new Map<number, Question>();
    for (const step of steps) {
      const known = open.has(step.index);
      if (step.asks === undefined) {
        open.delete(step.index);
        continue;
      }
      open.set(step.index, { run, step });
      this.#open.set(run.id, open);
      if (!known) this.#asked.tell({ run, step });
    }
    if (open.size === 0) this.#open.delete(run.id);
  }

  #forget(runs: readonly string[]): void {
    const gone = runs.filter(id => this.#open.delete(id));
    if (gone.length > 0) this.#changed.tell(gone);
  }
}
