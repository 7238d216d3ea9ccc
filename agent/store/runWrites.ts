import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RunRecord, StepRecord } from '../protocol/runs';
import { changingRunValues, changingStepValues, fixedRunValues, fixedStepValues } from './runRows';
import type { Values } from './runRows';
import type { HostProcess } from './types';

/** The statements that change runs and steps; prepared once, each change one transaction. */
export class RunWrites {
  readonly #db: DatabaseSync;
  readonly #updateRun: StatementSync;
  readonly #updateStep: StatementSync;
  /** Row numbers of the runs written here: steps refer to them. */
  readonly #numbers = new Map<string, number>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#updateRun = db.prepare(`UPDATE runs SET ${assignments(runColumns)} WHERE id = $id`);
    this.#updateStep = db.prepare(
      `UPDATE steps SET ${assignments(stepColumns)} WHERE run = $run AND idx = $idx`,
    );
  }

  create(run: RunRecord, host: HostProcess): void {
    this.#transaction(() => {
      const values = { ...fixedRunValues(run), ...changingRunValues(run) };
      const row = { ...values, host_pid: host.pid, host_start: host.startTime };
      const number = Number(insert(this.#db, 'runs', row).run(prefixed(row)).lastInsertRowid);
      this.#insertSteps(number, run.steps);
      this.#numbers.set(run.id, number);
    });
  }

  update(run: RunRecord, changed: readonly StepRecord[]): void {
    this.#transaction(() => this.#write(run, changed));
    if (run.state !== 'running') this.#numbers.delete(run.id);
  }

  /** Ends a run that is still recorded as running; false if it is not. */
  interrupt(run: RunRecord, changed: readonly StepRecord[]): boolean {
    return this.#transaction(() => {
      const row = this.#db.prepare('SELECT state FROM runs WHERE id = ?').get(run.id);
      if (row?.state !== 'running') return false;
      this.#write(run, changed);
      return true;
    });
  }

  #write(run: RunRecord, changed: readonly StepRecord[]): void {
    const number = this.#numbers.get(run.id) ?? this.#find(run.id);
    for (const step of changed) {
      this.#updateStep.run(prefixed({ ...changingStepValues(step), run: number }));
    }
    this.#updateRun.run(prefixed({ ...changingRunValues(run), id: run.id }));
  }

  #find(id: string): number {
    return Number(this.#db.prepare('SELECT n FROM runs WHERE id = ?').get(id)?.n ?? -1);
  }

  #insertSteps(run: number, steps: readonly StepRecord[]): void {
    let statement: StatementSync | undefined;
    for (const step of steps) {
      const row = { run, ...fixedStepValues(step), ...changingStepValues(step) };
      statement ??= insert(this.#db, 'steps', row);
      statement.run(prefixed(row));
    }
  }

  #transaction<T>(action: () => T): T {
    // IMMEDIATE: a lock that is taken late cannot wait for its turn.
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = action();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled back already.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}

const runColumns = ['state', 'seq', 'ended_at', 'steps_done', 'step', 'commit_id', 'dirty', 'output_bytes'];
const stepColumns = [
  'state',
  'attempt',
  'started_at',
  'ended_at',
  'reason',
  'exit',
  'signal',
  'message',
  'failed_line',
  'tty',
  'output_seq',
  'output_bytes',
];

function assignments(columns: readonly string[]): string {
  return columns.map(column => `${column} = $${column}`).join(', ');
}

function insert(db: DatabaseSync, table: string, row: Values): StatementSync {
  const columns = Object.keys(row);
  const places = columns.map(column => `$${column}`);
  return db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`);
}

function prefixed(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`$${name}`, value]));
}
