import type { DatabaseSync } from 'node:sqlite';
import { HandrailError } from '../protocol/errors';
import { maskText } from '../secrets/redactingStream';
import type { RunRecord, RunSummary } from '../protocol/runs';
import { runStates } from '../protocol/states';
import { oneOf, recordOf, stepOf, summaryOf } from './runRows';
import type { Row } from './runRows';
import type { HostProcess, RunStore } from './types';

/** A run and the process that executes it. */
export interface StoredRun {
  readonly run: RunRecord;
  readonly host: HostProcess;
}

/** Whether a step has, or will have, a result of its own: one that was not reached must not hide the one before. */
const hasResult = `(CASE steps.state WHEN 'not-run' THEN 0 WHEN 'skipped' THEN steps.reason IS 'satisfied'
                                     WHEN 'cancelled' THEN steps.started_at IS NOT NULL ELSE 1 END)`;

/** Everything that is asked of the history. */
export class RunQueries {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  find(idOrPrefix: string): RunRecord | undefined {
    const row = idOrPrefix === 'last' ? this.#last() : this.#byPrefix(idOrPrefix);
    return row && this.#withSteps(row);
  }

  list(query: Parameters<RunStore['list']>[0]): { runs: RunSummary[]; more: boolean } {
    const conditions: string[] = [];
    const values: string[] = [];
    const add = (condition: string, value: string | undefined): void => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    add('file = ?', query.file);
    add('state = ?', query.state);
    add('n < (SELECT n FROM runs WHERE id = ?)', query.before);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const select = this.#db.prepare(`SELECT * FROM runs ${where} ORDER BY n DESC LIMIT ?`);
    const rows = select.all(...values, query.limit + 1);
    return { runs: rows.slice(0, query.limit).map(summaryOf), more: rows.length > query.limit };
  }

  /** The oldest first. */
  goneOn(run: string, after: string): RunSummary[] {
    const select = this.#db.prepare(
      `SELECT * FROM runs WHERE n > coalesce((SELECT n FROM runs WHERE id = $after), 0) AND continues IS NOT NULL
       AND json_extract(continues, '$.run') = $run ORDER BY n`,
    );
    return select.all({ $run: run, $after: after }).map(summaryOf);
  }

  /** Looks at the last runs of the file only, as {@link lastSteps} does. */
  passedBefore({ id, file }: RunRecord, name: string): RunRecord | undefined {
    const select = this.#db.prepare(
      `WITH recent AS (SELECT n, id FROM runs WHERE file = $file AND n < (SELECT n FROM runs WHERE id = $id)
                       ORDER BY n DESC LIMIT 200)
       SELECT recent.id FROM recent JOIN steps ON steps.run = recent.n
       WHERE steps.name = $name AND steps.state = 'passed' AND steps.file IS NULL ORDER BY recent.n DESC LIMIT 1`,
    );
    const row = select.get({ $id: id, $file: file, $name: name });
    return row && this.find(String(row.id));
  }

  /**
   * Looks at the last runs of the file, and the last that ran cells of it for another one, only, so that it stays quick
   * however long the history is.
   */
  lastSteps(file: string): ReturnType<RunStore['lastSteps']> {
    const select = this.#db.prepare(
      `WITH own AS (SELECT n FROM runs WHERE file = $file ORDER BY n DESC LIMIT 200),
            others AS (SELECT DISTINCT run AS n FROM steps WHERE file = $file ORDER BY run DESC LIMIT 200),
            recent AS (SELECT runs.n, id, state, file FROM (SELECT n FROM own UNION SELECT n FROM others) AS found
                       JOIN runs ON runs.n = found.n),
            -- Of the row with the greatest value: https://www.sqlite.org/lang_select.html#bareagg
            last AS (SELECT max(steps.run + ${hasResult} * (1 << 40)), steps.run, steps.idx
                     FROM recent JOIN steps ON steps.run = recent.n
                     WHERE recent.file = $file OR steps.file = $file
                     GROUP BY steps.cell, coalesce(steps.file, recent.file))
       SELECT recent.id AS run_id, recent.state AS run_state, steps.*
       FROM last JOIN steps ON steps.run = last.run AND steps.idx = last.idx
                 JOIN recent ON recent.n = last.run
       ORDER BY recent.n DESC, steps.idx`,
    );
    return select.all({ $file: file }).map(row => ({
      run: String(row.run_id),
      runState: oneOf(runStates, row.run_state),
      step: stepOf(row.file === file ? { ...row, file: null } : row),
    }));
  }

  /** The newest value of each input, of the last runs of the file that had any; of a secret there is only a mask. */
  lastInputs(file: string): Record<string, string> {
    const select = this.#db.prepare(
      'SELECT inputs FROM runs WHERE file = ? AND inputs IS NOT NULL ORDER BY n DESC LIMIT 20',
    );
    const newestFirst = select.all(file).map(row => JSON.parse(String(row.inputs)) as Record<string, string>);
    const values = newestFirst.reverse().flatMap(inputs => Object.entries(inputs));
    return Object.fromEntries(values.filter(([, value]) => !value.includes(maskText)));
  }

  /** Runs that are recorded as going on. */
  running(): StoredRun[] {
    const rows = this.#db.prepare(`SELECT * FROM runs WHERE state = 'running' ORDER BY n`).all();
    return rows.map(row => ({
      run: this.#withSteps(row),
      host: { pid: Number(row.host_pid), startTime: String(row.host_start) },
    }));
  }

  #last(): Row | undefined {
    return this.#db.prepare('SELECT * FROM runs ORDER BY n DESC LIMIT 1').get();
  }

  #byPrefix(prefix: string): Row | undefined {
    if (!/^[0-9a-f]+$/.test(prefix)) return undefined;
    const select = this.#db.prepare('SELECT * FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT 3');
    const rows = select.all(prefix, `${prefix}g`);
    if (rows.length < 2 || rows[0]?.id === prefix) return rows[0];
    const matches = rows.map(row => String(row.id));
    throw new HandrailError('notFound', `More than one run begins with ${prefix}: ${matches.join(', ')}`, {
      run: prefix,
      matches,
    });
  }

  #withSteps(row: Row): RunRecord {
    const select = this.#db.prepare('SELECT * FROM steps WHERE run = ? ORDER BY idx');
    return recordOf(row, select.all(Number(row.n)).map(stepOf));
  }
}
