import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HandrailError } from '../protocol/errors';
import type { RunRecord, StepRecord } from '../protocol/runs';
import { changingRunValues, changingStepValues, fixedRunValues, fixedStepValues } from './runRows';
import type { Values } from './runRows';
import { transaction } from './transaction';
import type { HostProcess } from './types';

/** The statements that change runs and steps; prepared once, each change one transaction. */
export class RunWrites {
  readonly #db: DatabaseSync;
  readonly #updateRun: StatementSync;
  readonly #updateStep: StatementSync;
  /** Row numbers of the runs written here: steps refer to them. */
  readonly #numbers = new Map<string, number>();

  readonly #measure: (run: RunRecord) => number;

  /** @param measure bytes that an ended run takes on disk */
  constructor(db: DatabaseSync, measure: (run: RunRecord) => number) {
    this.#db = db;
    this.#measure = measure;
    this.#updateRun = db.prepare(
      `UPDATE runs SET ${assignments(runColumns)} WHERE id = $id AND state <> 'interrupted'`,
    );
    this.#updateStep = db.prepare(
      `UPDATE steps SET ${assignments(stepColumns)} WHERE run = $run AND idx = $idx`,
    );
  }

  create(run: RunRecord, host: HostProcess): void {
    transaction(this.#db, () => {
      this.#claim(run);
      const values = { ...fixedRunValues(run), ...this.#changing(run) };
      const row = { ...values, host_pid: host.pid, host_start: host.startTime };
      const number = Number(insert(this.#db, 'runs', row).run(prefixed(row)).lastInsertRowid);
      this.#insertSteps(number, run.steps);
      this.#numbers.set(run.id, number);
    });
  }

  /** Two that go on from one run at the same time would do the same twice. */
  #claim({ continues }: RunRecord): void {
    if (continues === undefined || continues.how === 'rerun') return;
    const other = this.#db
      .prepare(
        `SELECT id FROM runs WHERE state = 'running' AND continues IS NOT NULL
         AND json_extract(continues, '$.run') = ? AND json_extract(continues, '$.how') <> 'rerun'`,
      )
      .get(continues.run);
    if (other === undefined) return;
    const message = `Run ${continues.run.slice(0, 4)} is being gone on from by run ${String(other.id)}: wait for its end, or cancel it`;
    throw new HandrailError('invalidState', message, { run: continues.run, state: 'running' });
  }

  update(run: RunRecord, changed: readonly StepRecord[]): void {
    transaction(this.#db, () => this.#write(run, changed));
    if (run.state !== 'running') this.#numbers.delete(run.id);
  }

  /** Ends a run that is still recorded as running; false if it is not. */
  interrupt(run: RunRecord, changed: readonly StepRecord[]): boolean {
    return transaction(this.#db, () => {
      const row = this.#db.prepare('SELECT state FROM runs WHERE id = ?').get(run.id);
      if (row?.state !== 'running') return false;
      this.#write(run, changed);
      return true;
    });
  }

  #write(run: RunRecord, changed: readonly StepRecord[]): void {
    const { changes } = this.#updateRun.run(prefixed({ ...this.#changing(run), id: run.id }));
    // Who was told that the run was interrupted is not told otherwise, even if its process comes back.
    if (changes === 0) return;
    const number = this.#numbers.get(run.id) ?? this.#find(run.id);
    const unknown = changed.filter(step => {
      const values = prefixed({ ...changingStepValues(step), run: number });
      return this.#updateStep.run(values).changes === 0;
    });
    this.#insertSteps(number, unknown);
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

  #changing(run: RunRecord): Values {
    const size = run.state === 'running' ? 0 : this.#measure(run);
    return { ...changingRunValues(run), disk_bytes: size };
  }
}

const runColumns = [
  'state',
  'seq',
  'ended_at',
  'steps_total',
  'steps_done',
  'step',
  'message',
  'inputs',
  'identity',
  'tools',
  'commit_id',
  'dirty',
  'disk_bytes',
];
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
  'asks',
  'typed',
  'approved_by',
  'outputs',
  'background',
  'mime',
  'since',
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
