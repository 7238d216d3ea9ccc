import * as fs from 'node:fs';
import type { RunRecord, StepRecord } from '../protocol/runs';
import { isHostAlive } from '../store/hostProcess';
import type { Engine } from './agent';
import type { Log } from './log';
import type { RunFeed } from './runFeed';

/** What is needed to see the runs of other processes. */
interface Setting {
  /** Folder of the history. */
  readonly data: string;
  readonly feed: RunFeed;
  readonly log: Log;
  engine(): Engine | undefined;
  /** Whether anybody wants to know. */
  isWanted(): boolean;
}

/** Milliseconds after a write to the history until it is looked at; our own runs write too. */
const settleTime = 200;
/** Milliseconds between looks while a run goes on elsewhere: nobody tells of its output, or of its process's death. */
const lookInterval = 500;
const mostRuns = 50;
/** Milliseconds until the next look where the history cannot be read just now: locked, or no space is left. */
const troubleInterval = 2000;

/**
 * Tells clients of runs that other processes execute (`handrail run`, an agent of another version), as far as the
 * history tells. A timer runs only while there are such runs and somebody is connected.
 */
export class ForeignRuns {
  readonly #setting: Setting;
  readonly #told = new Map<string, RunRecord>();
  readonly #output = new Map<string, number>();
  #watcher: fs.FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What was logged last, so that it is logged once. */
  #trouble: string | undefined;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** Looks soon: somebody connected, or the history was written to. */
  lookSoon(): void {
    if (!this.#setting.isWanted()) return;
    this.#watch();
    this.#timer ??= setTimeout(() => this.#look(), settleTime);
  }

  stop(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #watch(): void {
    if (this.#watcher !== undefined || this.#setting.engine() === undefined) return;
    try {
      this.#watcher = fs.watch(this.#setting.data, { persistent: false }, () => this.lookSoon());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch (error) {
      this.#note('The history cannot be watched', error);
    }
  }

  #look(): void {
    this.#timer = undefined;
    const engine = this.#setting.engine();
    if (engine === undefined) return;
    if (!this.#setting.isWanted()) return this.stop();
    try {
      this.#lookAt(engine);
      this.#trouble = undefined;
      if (this.#told.size > 0) this.#timer = setTimeout(() => this.#look(), lookInterval);
      else this.#output.clear();
    } catch (error) {
      this.#note('Runs of other processes cannot be looked at', error);
      this.#timer = setTimeout(() => this.#look(), troubleInterval);
    }
  }

  #lookAt(engine: Engine): void {
    engine.store.interruptAbandoned(isHostAlive);
    const going = engine.store.list({ limit: mostRuns, state: 'running' }).runs;
    const foreign = going.filter(run => engine.runs.active(run.id) === undefined);
    for (const id of new Set([...foreign.map(run => run.id), ...this.#told.keys()])) {
      const run = engine.store.find(id);
      if (run !== undefined) this.#tell(run, engine);
      if (run?.state !== 'running') this.#told.delete(id);
    }
  }

  #note(text: string, error: unknown): void {
    const trouble = `${text}: ${String(error)}`;
    if (this.#trouble !== trouble) this.#setting.log.error(text, error);
    this.#trouble = trouble;
  }

  #tell(run: RunRecord, engine: Engine): void {
    const { feed } = this.#setting;
    const before = this.#told.get(run.id);
    this.#told.set(run.id, run);
    if (before?.seq !== run.seq) {
      for (const step of run.steps)
        if (isChanged(step, before?.steps[step.index])) feed.stepChanged(run, step);
      feed.runChanged(run);
    }
    for (const step of run.steps) if (step.state === 'running') this.#tellOutput(run, step, engine);
  }

  #tellOutput(run: RunRecord, step: StepRecord, { store }: Engine): void {
    const key = `${run.id}/${step.index}`;
    const told = this.#output.get(key) ?? 0;
    const { seq } = store.readOutput(run.id, step.index, told, 256 * 1024);
    if (seq === told) return;
    this.#output.set(key, seq);
    this.#setting.feed.outputReached(run, step.index, seq);
  }
}

function isChanged(step: StepRecord, before: StepRecord | undefined): boolean {
  return step.state !== (before?.state ?? 'pending') || step.attempt !== (before?.attempt ?? 0);
}
