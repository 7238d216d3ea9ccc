import { HandrailError } from '../protocol/errors';
import type { ResultOf, ParamsOf } from '../protocol/message';
import type { getRun, runsChanged, RunSummary, StepRecord } from '../protocol/runs';

type RunRecord = ResultOf<typeof getRun>['run'];
type Changes = ParamsOf<typeof runsChanged>;

/** The latest of one run that the client has not been told. */
interface PendingRun {
  run: RunRecord;
  readonly steps: Map<number, StepRecord>;
  readonly output: Map<number, number>;
}

/** Output alone is told at most each 10 ms; a client that is told of every line does nothing else. */
const outputInterval = 10;
/** A client that has not taken the changes of so many runs never will. */
const mostRuns = 1000;
const mostWatches = 1000;

/**
 * What one client has still to be told. One notification is under way at a time, the next holds only the latest
 * state of each run: a client that is slow costs one entry a run.
 */
export class ChangeQueue {
  readonly #send: (changes: Changes) => void;
  readonly #overflow: () => void;
  readonly #watches = new Map<number, string | undefined>();
  readonly #pending = new Map<string, PendingRun>();
  #lastWatch = 0;
  #number = 0;
  #underWay = false;
  #urgent = false;
  #sentAt = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `overflow` is called where the client has stopped taking anything. */
  constructor(send: (changes: Changes) => void, overflow: () => void) {
    this.#send = send;
    this.#overflow = overflow;
  }

  /** @throws HandrailError `invalidState` where the client watches and never lets go. */
  watch(run: string | undefined): number {
    if (this.#watches.size >= mostWatches) {
      throw new HandrailError('invalidState', 'Too much is watched at once', { most: mostWatches });
    }
    this.#watches.set(++this.#lastWatch, run);
    return this.#lastWatch;
  }

  unwatch(watch: number): void {
    this.#watches.delete(watch);
    for (const run of this.#pending.keys()) if (!this.#isWatched(run)) this.#pending.delete(run);
  }

  runChanged(run: RunRecord): void {
    if (this.#entry(run) !== undefined) this.#schedule(true);
  }

  stepChanged(run: RunRecord, step: StepRecord): void {
    const entry = this.#entry(run);
    entry?.steps.set(step.index, step);
    if (entry !== undefined) this.#schedule(true);
  }

  output(run: RunRecord, step: number, seq: number): void {
    const entry = this.#entry(run);
    entry?.output.set(step, seq);
    if (entry !== undefined) this.#schedule(false);
  }

  /** The client has dealt with notification `number`. */
  acknowledge(number: number): void {
    if (!this.#underWay || number !== this.#number) return;
    this.#underWay = false;
    if (this.#pending.size > 0) this.#schedule(this.#urgent);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watches.clear();
    this.#pending.clear();
  }

  #entry(run: RunRecord): PendingRun | undefined {
    if (!this.#isWatched(run.id)) return undefined;
    let entry = this.#pending.get(run.id);
    if (entry === undefined) {
      if (this.#pending.size >= mostRuns) return void this.#overflow();
      entry = { run, steps: new Map(), output: new Map() };
      this.#pending.set(run.id, entry);
    }
    entry.run = run;
    return entry;
  }

  #isWatched(run: string): boolean {
    for (const watched of this.#watches.values()) if (watched === undefined || watched === run) return true;
    return false;
  }

  #schedule(urgent: boolean): void {
    this.#urgent ||= urgent;
    if (this.#underWay) return;
    const wait = this.#urgent ? 0 : this.#sentAt + outputInterval - Date.now();
    if (this.#timer !== undefined && !urgent) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, Math.min(wait, outputInterval)));
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#underWay || this.#pending.size === 0) return;
    const runs = [...this.#pending.values()].map(({ run, steps, output }) => ({
      run: summaryOf(run),
      steps: [...steps.values()],
      output: [...output].map(([step, seq]) => ({ step, seq })),
    }));
    this.#pending.clear();
    this.#underWay = true;
    this.#urgent = false;
    this.#sentAt = Date.now();
    this.#send({ number: ++this.#number, runs });
  }
}

/** A run without its steps. */
export function summaryOf(run: RunRecord): RunSummary {
  const summary: RunSummary & Partial<RunRecord> = { ...run };
  for (const key of ['steps', 'textHash', 'cwd', 'host', 'commit', 'dirty'] as const) delete summary[key];
  return summary;
}
