import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { runFolder } from './output/segments';

/** Bytes of output that are kept. */
export const defaultRetention = 2 * 2 ** 30;

/**
 * Removes the oldest ended runs until the output kept is below `retention` bytes. Done at most once an hour and
 * for a bounded number of runs, so that opening the store stays quick; the rest is left to the next time.
 */
export function prune(db: DatabaseSync, output: string, retention: number): void {
  if (!isDue(db)) return;
  const sum = db.prepare('SELECT sum(output_bytes) AS bytes FROM runs').get();
  let kept = Number(sum?.bytes ?? 0);
  if (kept <= retention) return;
  const oldest = db.prepare(
    `SELECT n, id, output_bytes FROM runs WHERE state <> 'running' ORDER BY n LIMIT ?`,
  );
  for (const run of oldest.all(runsAtOnce)) {
    if (kept <= retention) return;
    // Files first: if this is where the process dies, the row is still there and leads here again.
    rmSync(runFolder(output, String(run.id)), { recursive: true, force: true });
    remove(db, Number(run.n));
    kept -= Number(run.output_bytes);
  }
}

const runsAtOnce = 100;
const interval = 60 * 60 * 1000;

function isDue(db: DatabaseSync): boolean {
  const now = Date.now();
  const last = Number(db.prepare(`SELECT value FROM notes WHERE name = 'pruned'`).get()?.value ?? 0);
  // A time in the future was written before the clock was set back.
  if (last <= now && now - last < interval) return false;
  db.prepare(`INSERT OR REPLACE INTO notes VALUES ('pruned', ?)`).run(now);
  return true;
}

function remove(db: DatabaseSync, n: number): void {
  db.exec('BEGIN IMMEDIATE');
  db.prepare('DELETE FROM steps WHERE run = ?').run(n);
  db.prepare('DELETE FROM runs WHERE n = ?').run(n);
  db.exec('COMMIT');
}
