import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { runFolder } from './output/segments';
import { transaction } from './transaction';

/** Bytes on disk that are kept. */
export const defaultRetention = 2 * 2 ** 30;

/**
 * Removes the oldest ended runs, never the newest, until what is kept is below `retention` bytes. Looks at most once
 * an hour and removes a bounded number of runs, so that it stays quick; the rest is left to the next time.
 */
export function prune(db: DatabaseSync, output: string, retention: number): void {
  if (!isDue(db)) return;
  const sum = db.prepare('SELECT sum(disk_bytes) AS bytes FROM runs').get();
  let kept = Number(sum?.bytes ?? 0);
  if (kept <= retention) return;
  const oldest = db.prepare(
    `SELECT n, id, disk_bytes FROM runs
     WHERE state <> 'running' AND n < (SELECT max(n) FROM runs WHERE state <> 'running')
     ORDER BY n LIMIT ?`,
  );
  const runs = oldest.all(runsAtOnce);
  for (const run of runs) {
    if (kept <= retention) return;
    // Files first: if this is where the process dies, the row is still there and leads here again.
    rmSync(runFolder(output, String(run.id)), { recursive: true, force: true });
    remove(db, Number(run.n));
    kept -= Number(run.disk_bytes);
  }
  if (kept > retention && runs.length === runsAtOnce) noteTime(db, 0);
}

const runsAtOnce = 100;
const interval = 60 * 60 * 1000;

function isDue(db: DatabaseSync): boolean {
  const now = Date.now();
  const last = Number(db.prepare(`SELECT value FROM notes WHERE name = 'pruned'`).get()?.value ?? 0);
  // A time in the future was written before the clock was set back.
  if (last <= now && now - last < interval) return false;
  noteTime(db, now);
  return true;
}

function noteTime(db: DatabaseSync, time: number): void {
  db.prepare(`INSERT OR REPLACE INTO notes VALUES ('pruned', ?)`).run(time);
}

function remove(db: DatabaseSync, n: number): void {
  transaction(db, () => {
    db.prepare('DELETE FROM steps WHERE run = ?').run(n);
    db.prepare('DELETE FROM runs WHERE n = ?').run(n);
  });
}
