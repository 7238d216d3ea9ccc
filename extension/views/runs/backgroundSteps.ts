import { getRun, type RunSummary, type StepRecord } from '../../../agent/protocol/runs';
import type { AgentClient } from '../../agent/agentClient';
import { errorText } from '../../agent/errorText';
import type { RunFeed } from '../../agent/runFeed';
import { Listeners } from '../../listeners';
import type { Log } from '../../log';
import { hasEnded } from '../../notebook/stepWords';

/** A step that is over and whose cell goes on. */
export interface BackgroundStep {
  readonly run: RunSummary;
  readonly step: StepRecord;
}

/** Older runs are not asked for what they left running: it is listed with them. */
const mostRecords = 20;
/** Nobody tells when what outlives its run ends: it is asked for so often. Milliseconds. */
const askMs = 5000;

/** The background cells that go on now, of all runs, so that they can be seen and stopped in one place. */
export class BackgroundSteps {
  readonly #agent: Pick<AgentClient, 'request'>;
  readonly #log: Log;
  readonly #steps = new Map<string, BackgroundStep>();
  readonly #changed = new Listeners<void>();
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #timer: NodeJS.Timeout | undefined;

  /** Tells when {@link steps} are others. */
  readonly onDidChange = this.#changed.add;

  constructor(
    agent: Pick<AgentClient, 'request'>,
    feed: Pick<RunFeed, 'onDidAdvance' | 'onDidList'>,
    log: Log,
  ) {
    this.#agent = agent;
    this.#log = log;
    this.#subscriptions = [
      feed.onDidAdvance(changes => {
        if (changes.map(({ run, steps }) => this.#take(run, steps)).some(Boolean)) this.#tell();
      }),
      feed.onDidList(runs => void this.#look(runs)),
    ];
  }

  /** Newest first. */
  get steps(): readonly BackgroundStep[] {
    return [...this.#steps.values()].sort((a, b) => (b.step.startedAt ?? 0) - (a.step.startedAt ?? 0));
  }

  of(run: string, step: number): BackgroundStep | undefined {
    return this.#steps.get(keyOf(run, step));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  /** After a new connection: what ended meanwhile was not told. Never rejects. */
  async #look(runs: readonly RunSummary[]): Promise<void> {
    if (runs.length === 0) return;
    const known = [...this.#steps.values()].map(({ run }) => run);
    const newest = new Map([...runs.slice(0, mostRecords), ...known].map(run => [run.id, run]));
    let changed = false;
    for (const id of newest.keys()) {
      try {
        const { run } = await this.#agent.request(getRun, { run: id });
        changed = this.#take(run, run.steps) || changed;
      } catch (error) {
        this.#log.warn('a run cannot be asked for its background cells', { reason: errorText(error) });
        changed = this.#forget(id) || changed;
      }
    }
    if (changed) this.#tell();
  }

  #tell(): void {
    this.#changed.tell();
    this.#askLater();
  }

  #askLater(): void {
    const detached = this.steps.filter(({ step }) => step.background === 'detached').map(({ run }) => run);
    clearTimeout(this.#timer);
    if (detached.length > 0)
      this.#timer = setTimeout(() => void this.#look(detached).then(() => this.#askLater()), askMs);
  }

  #take(run: RunSummary, steps: readonly StepRecord[]): boolean {
    let changed = false;
    for (const step of steps) {
      const key = keyOf(run.id, step.index);
      const goesOn = step.background === 'running' || step.background === 'detached';
      if (goesOn && hasEnded(step.state)) {
        changed ||= !this.#steps.has(key);
        this.#steps.set(key, { run, step });
      } else changed = this.#steps.delete(key) || changed;
    }
    return changed;
  }

  #forget(run: string): boolean {
    const gone = [...this.#steps].filter(([, step]) => step.run.id === run);
    for (const [key] of gone) this.#steps.delete(key);
    return gone.length > 0;
  }
}

function keyOf(run: string, step: number): string {
  return `${run}/${String(step)}`;
}
