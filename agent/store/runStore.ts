import type { DatabaseSync } from 'node:sqlite';
import { HandrailError } from '../protocol/errors';
import type { PassOver } from '../protocol/output';
import type { RunRecord, RunState, RunSummary, StepRecord } from '../protocol/runs';
import { isHostAlive } from './hostProcess';
import { StoredDetachedSteps } from './detachedSteps';
import { openFileWriter } from './output/fileWriter';
import type { OutputLimits } from './output/fileWriter';
import { endOfOutput, tailOutput } from './output/endOfOutput';
import { PageMarks } from './output/pageMarks';
import { readOutput } from './output/readOutput';
import type { StepPlace } from './output/segments';
import { interruptedRun } from './interruptedRun';
import { suspectDamage } from './openDatabase';
import type { OpenedDatabase } from './openDatabase';
import { prune } from './prune';
import type { Retention } from './prune';
import { Reserve } from './reserve';
import { RunQueries } from './runQueries';
import { RunWrites } from './runWrites';
import { plainPrinted } from '../text/plainPrinted';
import { SearchIndex } from './search/searchIndex';
import { SessionStates } from './sessionStates';
import { sizeOnDisk } from './sizeOnDisk';
import { isCorrupt, isFull, isReadOnly, storeError } from './storeError';
import { StoredAuditLog } from './audit/auditLog';
import type { AuditSetting } from './audit/auditLog';
import type { HostProcess, OutputPage, OutputWriter, RunStore, SearchQuery } from './types';

/** What a store is made with. */
export interface StoreSetting {
  /** Folder of what steps printed. */
  readonly output: string;
  /** Folder of the saved states of sessions. */
  readonly states: string;
  readonly limits: OutputLimits;
  readonly retention: Retention;
  readonly audit: Omit<AuditSetting, 'notice'>;
}

/** The history on disk: runs and steps in SQLite, output in files, because a file takes output 12 times as fast. */
export class SqliteRunStore implements RunStore {
  readonly notices: string[];
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #unwritable: HandrailError | undefined;
  readonly #output: string;
  readonly #limits: OutputLimits;
  readonly #retention: Retention;
  readonly #states: string;
  readonly #sessions: SessionStates;
  readonly #marks = new PageMarks();
  #looked = -Infinity;
  /** Runs whose process is gone, where that could not be written down. */
  #abandoned: ReadonlyMap<string, RunRecord> = new Map();
  readonly #queries: RunQueries;
  readonly #writes: RunWrites;
  readonly #index: SearchIndex;
  readonly #reserve: Reserve;
  readonly detached: StoredDetachedSteps;
  readonly audit: StoredAuditLog;

  constructor({ db, path, setAside, unwritable }: OpenedDatabase, setting: StoreSetting) {
    const { output, states, limits, retention } = setting;
    this.#db = db;
    this.#path = path;
    this.#unwritable = unwritable;
    this.#output = output;
    this.#states = states;
    this.#sessions = new SessionStates(states);
    this.#reserve = new Reserve(`${path}.reserve`);
    this.#limits = limits;
    this.#retention = retention;
    this.#queries = new RunQueries(db);
    this.#writes = new RunWrites(db, run => sizeOnDisk([output, states], run));
    this.#index = new SearchIndex(db, (run, step) => this.#readable(run, step));
    this.detached = new StoredDetachedSteps(db, action => this.#do(action));
    this.notices = setAside
      ? [`The history was damaged and a new one is begun; the old one is ${setAside}`]
      : [];
    if (unwritable) this.notices.push(`The history can only be read. ${unwritable.message}`);
    this.audit = new StoredAuditLog({ ...setting.audit, notice: text => this.#note(text) });
    if (!unwritable) this.#prune();
  }

  create(run: RunRecord, host: HostProcess): void {
    this.#do(() => {
      this.#reserve.hold();
      this.#writes.create(run, host);
    });
  }

  update(run: RunRecord, changed: readonly StepRecord[]): void {
    const write = (): void => this.#do(() => this.#writes.update(run, changed));
    try {
      write();
    } catch (error) {
      if (!isFull(error) || !this.#reserve.release()) throw error;
      write();
    }
    if (run.state !== 'running') this.#prune();
  }

  shortage(): string | undefined {
    try {
      this.#do(() => this.#reserve.hold());
      return undefined;
    } catch (error) {
      if (!(error instanceof HandrailError)) throw error;
      return error.message;
    }
  }

  find(idOrPrefix: string): RunRecord | undefined {
    this.#lookForAbandoned();
    const run = this.#do(() => this.#queries.find(idOrPrefix));
    return run && (this.#abandoned.get(run.id) ?? run);
  }

  list(query: Parameters<RunStore['list']>[0]): ReturnType<RunStore['list']> {
    this.#lookForAbandoned();
    const { runs, more } = this.#do(() => this.#queries.list(query));
    return { runs: runs.flatMap(run => this.#asItIs(run, query.state)), more };
  }

  hostOf(run: string): HostProcess | undefined {
    return this.#do(() => this.#queries.running().find(({ run: { id } }) => id === run)?.host);
  }

  goneOn(run: string, after = run): RunSummary[] {
    return this.#do(() => this.#queries.goneOn(run, after));
  }

  passedBefore(run: RunRecord, name: string): RunRecord | undefined {
    return this.#do(() => this.#queries.passedBefore(run, name));
  }

  lastSteps(file: string): ReturnType<RunStore['lastSteps']> {
    this.#lookForAbandoned();
    return this.#do(() => this.#queries.lastSteps(file));
  }

  openOutput(run: string, step: number): OutputWriter {
    return openFileWriter(this.#place(run, step), this.#limits);
  }

  readOutput(run: string, step: number, after: number, maxBytes: number, passOver?: PassOver): OutputPage {
    return this.#do(() => readOutput(this.#place(run, step), { after, maxBytes, passOver }, this.#marks));
  }

  tailOutput(run: string, step: number, maxBytes: number): { bytes: Uint8Array; cut: boolean } {
    return this.#do(() => tailOutput(this.#place(run, step), maxBytes));
  }

  index(run: string, step: number, text: string): void {
    this.#do(() => this.#index.add(run, step, text));
  }

  search(query: SearchQuery): ReturnType<RunStore['search']> {
    this.#lookForAbandoned();
    this.#attempt(() => this.#index.catchUp(catchUpTime));
    return this.#do(() => {
      const unindexed = this.#index.left();
      return { ...this.#index.search(query), ...(unindexed > 0 && { unindexed }) };
    });
  }

  lastInputs(file: string): Record<string, string> {
    return this.#do(() => this.#queries.lastInputs(file));
  }

  statePath(run: string, step: number): string {
    return this.#do(() => this.#sessions.path(run, step));
  }

  interruptAbandoned(isAlive: (host: HostProcess) => boolean): RunRecord[] {
    return this.#do(() => this.#whatIsAbandoned(isAlive).flatMap(found => this.#interrupt(found)));
  }

  close(): void {
    this.audit.close();
    this.#db.close();
  }

  /** Makes room. A history that cannot be tidied up, on a full disk say, can still be read. */
  #prune(): void {
    this.#attempt(() => {
      prune(this.#db, { folders: [this.#output, this.#states], retention: this.#retention });
    });
  }

  /** A process may be killed while others go on: nobody shall be told that its run still does. */
  #lookForAbandoned(): void {
    const now = performance.now();
    if (now - this.#looked < lookInterval) return;
    this.#looked = now;
    this.#abandoned = new Map();
    this.#attempt(
      () => this.interruptAbandoned(isHostAlive),
      () =>
        (this.#abandoned = new Map(this.#whatIsAbandoned(isHostAlive).map(({ ended }) => [ended.id, ended]))),
    );
  }

  #whatIsAbandoned(isAlive: (host: HostProcess) => boolean): ReturnType<typeof interruptedRun>[] {
    const abandoned = this.#queries.running().filter(({ host }) => !isAlive(host));
    return abandoned.map(({ run }) => interruptedRun(run, step => endOfOutput(this.#place(run.id, step))));
  }

  /** Nothing where it is not in that state any more. */
  #asItIs(run: RunSummary, state: RunState | undefined): RunSummary[] {
    const ended = this.#abandoned.get(run.id);
    if (!ended) return [run];
    const { endedAt = run.startedAt } = ended;
    return state === 'running' ? [] : [{ ...run, state: ended.state, seq: ended.seq, endedAt }];
  }

  /** Does what reading does not depend on; where the history cannot be written, that is a notice. */
  #attempt(action: () => void, otherwise?: () => void): void {
    try {
      this.#do(action);
    } catch (error) {
      if (!(error instanceof HandrailError)) throw error;
      if (error !== this.#unwritable) this.#note(error.message);
      this.#do(() => otherwise?.());
    }
  }

  #note(text: string): void {
    if (!this.notices.includes(text)) this.notices.push(text);
  }

  #place(run: string, step: number): StepPlace {
    return { folder: this.#output, run, step };
  }

  #interrupt({ ended, changed }: ReturnType<typeof interruptedRun>): RunRecord[] {
    // Another process may have looked at the same moment: only one of them tells.
    if (!this.#writes.interrupt(ended, changed)) return [];
    const printed = changed.filter(({ state }) => state === 'interrupted');
    this.#attempt(() =>
      printed.forEach(({ index }) => this.#index.add(ended.id, index, this.#readable(ended.id, index))),
    );
    return [ended];
  }

  /** What the end of a step's output says. */
  #readable(run: string, step: number): string {
    return plainPrinted(tailOutput(this.#place(run, step), indexedBytes).bytes);
  }

  #do<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      const worded = storeError(error, this.#path);
      if (isCorrupt(worded)) suspectDamage(this.#path);
      throw isReadOnly(worded) ? (this.#unwritable ?? worded) : worded;
    }
  }
}

/** Milliseconds that a search takes at most for what is not in the index yet. */
const catchUpTime = 250;

/** Of a step's output, its end. */
const indexedBytes = 64 * 1024;

/** Milliseconds. */
const lookInterval = 1000;
