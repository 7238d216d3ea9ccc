import type { DatabaseSync } from 'node:sqlite';
import { isHostAlive } from './hostProcess';
import type { Row } from './runRows';
import { transaction } from './transaction';
import type { DetachedStep, DetachedSteps } from './types';

/** The processes that outlive their runs, in the history. */
export class StoredDetachedSteps implements DetachedSteps {
  readonly #db: DatabaseSync;
  readonly #do: <T>(action: () => T) => T;

  /** @param run runs what is done to the database and words its errors */
  constructor(db: DatabaseSync, run: <T>(action: () => T) => T) {
    this.#db = db;
    this.#do = run;
  }

  add(step: DetachedStep): void {
    this.#do(() => {
      const insert = this.#db.prepare('INSERT OR REPLACE INTO detached VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
      const { run, name, file, pid, startTime, log, startedAt } = step;
      insert.run(run, step.step, name, file, pid, startTime, log, startedAt);
    });
  }

  list(): DetachedStep[] {
    return this.#do(() => {
      const all = this.#db.prepare('SELECT * FROM detached ORDER BY started_at, run, step').all().map(stepOf);
      const gone = all.filter(step => !isHostAlive(step));
      if (gone.length > 0) transaction(this.#db, () => gone.forEach(step => this.#forget(step)));
      return all.filter(step => !gone.includes(step));
    });
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
