import type { DatabaseSync } from 'node:sqlite';
import { detachedMark } from '../detachedMark';
import { findMarked } from '../processTable';
import { isHostAlive } from './hostProcess';
import type { Row } from './runRows';
import { transaction } from './transaction';
import type { DetachedStep, DetachedSteps, HostProcess } from './types';

/** The processes that outlive their runs, in the history. */
export class StoredDetachedSteps implements DetachedSteps {
  readonly #db: DatabaseSync;
  readonly #do: <T>(action: () => T) => T;

  /** @param run runs what is done to the database and words its errors */
  constructor(db: DatabaseSync, run: <T>(action: () => T) => T) {
    this.#db = db;
    this.#do = run;
  }

  begin(step: Omit<DetachedStep, 'pid' | 'startTime'>, { pid, startTime }: HostProcess): void {
    this.#do(() => this.#insert({ ...step, pid, startTime }, true));
  }

  add(step: DetachedStep): void {
    this.#do(() => this.#insert(step, false));
  }

  list(): DetachedStep[] {
    return this.#do(() => {
      const all = this.#db.prepare('SELECT * FROM detached ORDER BY started_at, run, step').all();
      const found = all.flatMap(row => this.#living(row));
      const listed = new Set(found.map(({ run, step }) => `${run}.${step}`));
      const gone = all.map(stepOf).filter(({ run, step }) => !listed.has(`${run}.${step}`));
      if (gone.length > 0) transaction(this.#db, () => gone.forEach(step => this.#forget(step)));
      return found.filter(step => !step.isStarting).map(({ isStarting: _, ...step }) => step);
    });
  }

  /** One that is being started by somebody who is there is left alone; of somebody who is gone, its process is found. */
  #living(row: Row): (DetachedStep & { isStarting: boolean })[] {
    const step = stepOf(row);
    const isStarting = row.starting !== 0;
    if (isHostAlive(step)) return [{ ...step, isStarting }];
    const found = isStarting ? findMarked(detachedMark(step.run, step.step)) : undefined;
    if (found === undefined) return [];
    const adopted = { ...step, pid: found.pid, startTime: found.startTime };
    transaction(this.#db, () => {
      this.#insert(adopted, false);
      this.#db
        .prepare(
          `UPDATE steps SET background = 'detached' WHERE run = (SELECT n FROM runs WHERE id = ?) AND idx = ?`,
        )
        .run(step.run, step.step);
    });
    return [{ ...adopted, isStarting: false }];
  }

  #insert(
    { run, step, name, file, pid, startTime, log, startedAt }: DetachedStep,
    isStarting: boolean,
  ): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO detached VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(run, step, name, file, pid, startTime, log, startedAt, Number(isStarting));
  }

  remove(run: string, step: number): void {
    this.#do(() => transaction(this.#db, () => this.#forget({ run, step })));
  }

  /** The step's own record says so as well. */
  #forget({ run, step }: Pick<DetachedStep, 'run' | 'step'>): void {
    this.#db.prepare('DELETE FROM detached WHERE run = ? AND step = ?').run(run, step);
    this.#db
      .prepare(
        `UPDATE steps SET background = 'ended'
         WHERE run = (SELECT n FROM runs WHERE id = ?) AND idx = ? AND background = 'detached'`,
      )
      .run(run, step);
  }
}

function stepOf(row: Row): DetachedStep {
  return {
    run: String(row.run),
    step: Number(row.step),
    name: String(row.name),
    file: String(row.file),
    pid: Number(row.pid),
    startTime: String(row.start_time),
    log: String(row.log),
    startedAt: Number(row.started_at),
  };
}
