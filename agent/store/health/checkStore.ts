import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CheckHistory, HistorySpan } from '../../protocol/checkHistory';
import { openDatabase } from '../openDatabase';
import { withStoreErrors } from '../storeError';
import { transaction } from '../transaction';
import { healthMigrations } from './healthMigrations';
import { CheckHistories } from './checkHistories';
import { day, spans, type KeptCheck, type ResultRecord } from './resultRecord';
import { Sketch } from './sketch';
import { sumUp, type Sum } from './sumUp';

/** Each probe is kept this long; what they sum up to is kept longer. Milliseconds. */
const resultsKept = day;
const turnsKept = 3 * 366 * day;
const mostRecent = 30;
/** Checks of which old rows are removed at a time. */
const prunedAtOnce = 50;

/** What came of checks, on disk. Every method throws HandrailError `store`, and waits for no one for long. */
export class CheckStore {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #histories: CheckHistories;
  readonly #statements: Statements;
  #prunedTo = 0;

  /** `patience`: milliseconds that another process's write is waited for; nothing else goes on meanwhile. */
  constructor(folder: string, patience = 100) {
    const { db, path } = openDatabase(
      folder,
      { name: 'health.db', migrations: healthMigrations },
      { patience },
    );
    this.#db = db;
    this.#path = path;
    db.function('merged', { deterministic: true }, (one, other) =>
      Sketch.decode(one as Uint8Array)
        .merge(other as Uint8Array)
        .encode(),
    );
    this.#histories = new CheckHistories(db);
    this.#statements = prepare(db);
  }

  /** Records all of them or none. */
  write(records: readonly ResultRecord[]): void {
    const { check, result, turn } = this.#statements;
    this.#do(() =>
      transaction(this.#db, () => {
        const numbers = new Map<string, number>();
        for (const { id, at, status, state, ms, turned } of records) {
          const n = Number(check.get(id, at, status)?.['n']);
          numbers.set(id, n);
          result.run(n, at, state, ms);
          if (turned !== undefined) turn.run(n, at, turned.to, turned.message);
        }
        for (const sum of sumUp(records)) this.#add(numbers.get(sum.id) ?? 0, sum);
      }),
    );
  }

  /** What is known of a check from before; undefined where nothing is. */
  kept(id: string): KeptCheck | undefined {
    return this.#do(() => {
      const row = this.#db.prepare('SELECT * FROM checks WHERE id = ?').get(id);
      if (row === undefined) return undefined;
      const { n, at, status, muted_until: until, muted_by: by } = row;
      const recent = this.#statements.recent.all(n ?? 0, mostRecent).reverse();
      return {
        at: Number(at),
        status: status === null ? undefined : String(status),
        muted: until === null ? undefined : { until: Number(until), by: String(by) },
        recent: recent.map(({ state, ms }) => ({ state: state as ResultRecord['state'], ms: Number(ms) })),
      };
    });
  }

  /** Notes until when a check is muted, and by whom; undefined: no more. */
  mute(id: string, muted: KeptCheck['muted']): void {
    this.#do(() =>
      this.#db
        .prepare(
          `INSERT INTO checks (id, at, muted_until, muted_by) VALUES (?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET muted_until = excluded.muted_until, muted_by = excluded.muted_by`,
        )
        .run(id, Date.now(), muted?.until ?? null, muted?.by ?? null),
    );
  }

  history(id: string, span: HistorySpan): CheckHistory {
    return this.#do(() => this.#histories.of(id, span));
  }

  /** Removes what is too old, of some checks at each call; milliseconds since 1970. */
  prune(now: number): void {
    this.#do(() =>
      transaction(this.#db, () => {
        const numbers = this.#statements.next.all(this.#prunedTo, prunedAtOnce).map(({ n }) => Number(n));
        for (const n of numbers) this.#pruneCheck(n, now);
        this.#prunedTo = numbers.length < prunedAtOnce ? 0 : (numbers.at(-1) ?? 0);
      }),
    );
  }

  close(): void {
    this.#db.close();
  }

  #add(n: number, { span, at, count, stood, sketch }: Sum): void {
    const { up, degraded, down, unknown, maintenance } = stood;
    this.#statements.sum.run(n, span, at, count, up, degraded, down, unknown, maintenance, sketch.encode());
  }

  #pruneCheck(n: number, now: number): void {
    const { oldResults, oldSums, oldTurns } = this.#statements;
    oldResults.run(n, now - resultsKept);
    for (const { span, kept } of spans) oldSums.run(n, span, now - kept);
    oldTurns.run(n, now - turnsKept);
  }

  #do<T>(action: () => T): T {
    return withStoreErrors(this.#path, action);
  }
}

type Statements = Readonly<
  Record<
    'check' | 'result' | 'turn' | 'sum' | 'recent' | 'next' | 'oldResults' | 'oldSums' | 'oldTurns',
    StatementSync
  >
>;

function prepare(db: DatabaseSync): Statements {
  return {
    check: db.prepare(
      `INSERT INTO checks (id, at, status) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET at = excluded.at, status = excluded.status RETURNING n`,
    ),
    result: db.prepare('INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)'),
    turn: db.prepare('INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?)'),
    sum: db.prepare(
      `INSERT INTO rollups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count, up = up + excluded.up,
         degraded = degraded + excluded.degraded, down = down + excluded.down,
         unknown = unknown + excluded.unknown, maintenance = maintenance + excluded.maintenance,
         sketch = merged(sketch, excluded.sketch)`,
    ),
    recent: db.prepare('SELECT state, ms FROM results WHERE n = ? ORDER BY at DESC LIMIT ?'),
    next: db.prepare('SELECT n FROM checks WHERE n > ? ORDER BY n LIMIT ?'),
    oldResults: db.prepare('DELETE FROM results WHERE n = ? AND at < ?'),
    oldSums: db.prepare('DELETE FROM rollups WHERE n = ? AND span = ? AND at < ?'),
    oldTurns: db.prepare('DELETE FROM turns WHERE n = ? AND at < ?'),
  };
}
