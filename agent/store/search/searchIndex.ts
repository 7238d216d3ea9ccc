import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { stepStates } from '../../protocol/states';
import { hashText } from '../../runbook/cellKey';
import { oneOf, summaryOf } from '../runRows';
import type { Row } from '../runRows';
import type { SearchHit, SearchQuery } from '../types';
import { transaction } from '../transaction';
import { excerptOf } from './excerpt';
import { searchExpression } from './searchQuery';

/** Gives the last bytes that a step printed, readable as text. */
export type ReadPrinted = (run: string, step: number) => string;

/**
 * Finds steps by their name, their text and what they printed. The index (FTS5, contentless) holds words and where
 * they are; excerpts are taken from the recorded output, so that nothing is kept twice.
 */
export class SearchIndex {
  readonly #db: DatabaseSync;
  readonly #printed: ReadPrinted;
  #insert: StatementSync | undefined;
  /** Of the last step that was added: the next one is nearly always of the same run. */
  #token: { readonly run: string; readonly text: string } | undefined;

  constructor(db: DatabaseSync, printed: ReadPrinted) {
    this.#db = db;
    this.#printed = printed;
  }

  /** Makes an ended step findable; what was known of it before is replaced. */
  add(run: string, step: number, output: string): void {
    this.#insert ??= this.#db.prepare(
      `INSERT OR REPLACE INTO found (rowid, file, name, text, output)
       SELECT n * ${stepsOfRun} + idx, $token, steps.name, steps.text, $output
       FROM runs JOIN steps ON steps.run = runs.n WHERE runs.id = $run AND idx = $step`,
    );
    this.#insert.run({ $token: this.#tokenOf(run), $output: output, $run: run, $step: step });
  }

  /**
   * Adds runs that were recorded before there was an index, newest first, for about `budget` milliseconds: some of
   * them in any case.
   */
  catchUp(budget: number): void {
    const until = performance.now() + budget;
    while (this.#unindexed() > 0) {
      transaction(this.#db, () => this.#addOlder());
      if (performance.now() >= until) return;
    }
  }

  /** How many runs are not in the index yet. */
  left(): number {
    const last = this.#unindexed();
    if (last === 0) return 0;
    return Number(this.#db.prepare('SELECT count(*) AS count FROM runs WHERE n <= ?').get(last)?.count);
  }

  search({ query, file, limit }: SearchQuery): { hits: SearchHit[]; more: boolean } {
    const expression = searchExpression(query, file === undefined ? undefined : tokenOf(file));
    if (expression === undefined) return { hits: [], more: false };
    const select = this.#db.prepare(
      `WITH places AS (SELECT rowid AS place FROM found WHERE found MATCH ? ORDER BY rowid DESC LIMIT ?)
       SELECT runs.*, steps.idx AS step_index, steps.name AS step_name, steps.state AS step_state,
              steps.text AS step_text
       FROM places JOIN runs ON runs.n = place / ${stepsOfRun}
                   JOIN steps ON steps.run = runs.n AND steps.idx = place % ${stepsOfRun}
       ORDER BY place DESC`,
    );
    const rows = select.all(expression, limit + 1);
    return { hits: rows.slice(0, limit).map(row => this.#hit(row, query)), more: rows.length > limit };
  }

  /** Number of the newest run that is not in the index yet, or 0. */
  #unindexed(): number {
    return Number(this.#db.prepare(`SELECT value FROM notes WHERE name = 'unindexed'`).get()?.value ?? 0);
  }

  #addOlder(): void {
    const runs = this.#db
      .prepare('SELECT n, id FROM runs WHERE n <= ? ORDER BY n DESC LIMIT ?')
      .all(this.#unindexed(), runsAtOnce);
    const steps = this.#db.prepare(
      `SELECT idx FROM steps WHERE run = $n AND state NOT IN ('pending', 'running', 'skipped', 'not-run')
         AND NOT EXISTS (SELECT 1 FROM found WHERE rowid = $n * ${stepsOfRun} + idx)`,
    );
    for (const { n = null, id } of runs) {
      for (const { idx } of steps.all({ $n: n }))
        this.add(String(id), Number(idx), this.#printed(String(id), Number(idx)));
    }
    const next = runs.length < runsAtOnce ? 0 : Number(runs.at(-1)?.n) - 1;
    this.#db.prepare(`UPDATE notes SET value = ? WHERE name = 'unindexed'`).run(next);
  }

  #hit(row: Row, query: string): SearchHit {
    const run = summaryOf(row);
    const step = Number(row.step_index);
    const name = String(row.step_name);
    const text = String(row.step_text);
    const excerpt = excerptOf(this.#printed(run.id, step), query) ?? excerptOf(text, query) ?? name;
    return { run, step, name, state: oneOf(stepStates, row.step_state), excerpt };
  }

  #tokenOf(run: string): string {
    if (this.#token?.run === run) return this.#token.text;
    const row = this.#db.prepare('SELECT file FROM runs WHERE id = ?').get(run);
    if (row === undefined) return tokenOf('');
    this.#token = { run, text: tokenOf(String(row.file)) };
    return this.#token.text;
  }
}

/** Forgets what was findable of a run; within its transaction. */
export function forgetFound(db: DatabaseSync, n: number): void {
  const first = n * stepsOfRun;
  db.prepare('DELETE FROM found WHERE rowid BETWEEN ? AND ?').run(first, first + stepsOfRun - 1);
}

/** Row numbers of `found` are `n * stepsOfRun + idx`: in the order of runs, and exact up to 2^33 runs. */
const stepsOfRun = 2 ** 20;

/** Runs that are added in one transaction: nobody shall wait long for it. */
const runsAtOnce = 10;

/** A path as one word, so that steps of one runbook are found without looking at all others. */
function tokenOf(file: string): string {
  return hashText(file);
}
