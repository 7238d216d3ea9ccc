import type { DatabaseSync } from 'node:sqlite';
import { HandrailError } from '../protocol/errors';
import type { PassOver } from '../protocol/output';
import type { RunRecord, StepRecord } from '../protocol/runs';
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
import { RunQueries } from './runQueries';
import { RunWrites } from './runWrites';
import { plainPrinted } from './search/plainPrinted';
import { SearchIndex } from './search/searchIndex';
import { statePath } from './sessionStates';
import { sizeOnDisk } from './sizeOnDisk';
import { isCorrupt, storeError } from './storeError';
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
  readonly #output: string;
  readonly #limits: OutputLimits;
  readonly #retention: Retention;
  readonly #states: string;
  readonly #marks = new PageMarks();
  #looked = -Infinity;
  readonly #queries: RunQueries;
  readonly #writes: RunWrites;
  readonly #index: SearchIndex;
  readonly detached: StoredDetachedSteps;
  readonly audit: StoredAuditLog;

  constructor({ db, path, setAside }: OpenedDatabase, setting: StoreSetting) {
    const { output, states, limits, retention } = setting;
    this.#db = db;
    this.#path = path;
    this.#output = output;
    this.#states = states;
    this.#limits = limits;
    this.#retention = retention;
    this.#queries = new RunQueries(db);
    this.#writes = new RunWrites(db, run => sizeOnDisk([output, states], run));
    this.#index = new SearchIndex(db, (run, step) => this.#readable(run, step));
    this.detached = new StoredDetachedSteps(db, action => this.#do(action));
    this.notices = setAside
      ? [`The history was damaged and a new one is begun; the old one is ${setAside}`]
      : [];
    this.audit = new StoredAuditLog({ ...setting.audit, notice: text => this.#note(text) });
    this.#prune();
  }

  create(run: RunRecord, host: HostProcess): void {
    this.#do(() => this.#writes.create(run, host));
  }

  update(run: RunRecord, changed: readonly StepRecord[]): void {
    this.#do(() => this.#writes.update(run, changed));
    if (run.state !== 'running') this.#prune();
  }

  find(idOrPrefix: string): RunRecord | undefined {
    this.#lookForAbandoned();
    return this.#do(() => this.#queries.find(idOrPrefix));
  }

  list(query: Parameters<RunStore['list']>[0]): ReturnType<RunStore['list']> {
    this.#lookForAbandoned();
    return this.#do(() => this.#queries.list(query));
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
    return this.#do(() => this.#index.search(query));
  }

  lastInputs(file: string): Record<string, string> {
    return this.#do(() => this.#queries.lastInputs(file));
  }

  statePath(run: string, step: number): string {
    return this.#do(() => statePath(this.#states, run, step));
  }

  interruptAbandoned(isAlive: (host: HostProcess) => boolean): RunRecord[] {
    return this.#do(() => {
      const abandoned = this.#queries.running().filter(({ host }) => !isAlive(host));
      return abandoned.flatMap(({ run }) => this.#interrupt(run));
    });
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
    this.#attempt(() => this.interruptAbandoned(isHostAlive));
  }

  /** Does what reading does not depend on; where the history cannot be written, that is a notice. */
  #attempt(action: () => void): void {
    try {
      this.#do(action);
    } catch (error) {
      if (!(error instanceof HandrailError)) throw error;
      this.#note(error.message);
    }
  }

  #note(text: string): void {
    if (!this.notices.includes(text)) this.notices.push(text);
  }

  #place(run: string, step: number): StepPlace {
    return { folder: this.#output, run, step };
  }

  #interrupt(run: RunRecord): RunRecord[] {
    const { ended, changed } = interruptedRun(run, step => endOfOutput(this.#place(run.id, step)));
    // Another process may have looked at the same moment: only one of them tells.
    if (!this.#writes.interrupt(ended, changed)) return [];
    for (const { index, state } of changed) if (state === 'interrupted') this.#indexPrinted(run.id, index);
    return [ended];
  }

  #indexPrinted(run: string, step: number): void {
    this.#index.add(run, step, this.#readable(run, step));
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
      throw worded;
    }
  }
}

/** Of a step's output, its end. */
const indexedBytes = 64 * 1024;

/** Milliseconds. */
const lookInterval = 1000;
