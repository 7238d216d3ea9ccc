import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isHostAlive } from './hostProcess';
import type { Row } from './runRows';
import { forgetFound } from './search/searchIndex';
import { transaction } from './transaction';

/** How much of the history is kept; what is not said is without limit. */
export interface Retention {
  /** Ended runs. */
  readonly runs?: number;
  /** Milliseconds since a run ended. */
  readonly ageMs?: number;
  /** Bytes on disk. */
  readonly bytes?: number;
}

export const defaultRetention: Retention = { bytes: 2 * 2 ** 30 };

/** What there is to make room in. */
export interface PruneSetting {
  /** Folders that have a folder for each run. */
  readonly folders: readonly string[];
  readonly retention: Retention;
}

/**
 * Removes the oldest ended runs until no limit is exceeded: never the newest, and none of which a process is still
 * there. Looks at most once an hour and removes a bounded number of runs, so that it stays quick; the rest is left
 * to the next time.
 */
export function prune(db: DatabaseSync, { folders, retention }: PruneSetting): void {
  if (!isDue(db)) return;
  const kept = keptNow(db);
  const living = livingRuns(db);
  const runs = oldest(db);
  for (const run of runs) {
    if (!isTooMuch(run, kept, retention)) return;
    if (living.has(String(run.id))) continue;
    // Files first: if this is where the process dies, the row is still there and leads here again.
    for (const folder of folders) rmSync(join(folder, String(run.id)), { recursive: true, force: true });
    remove(db, Number(run.n));
    kept.runs -= 1;
    kept.bytes -= Number(run.disk_bytes);
  }
  if (runs.length === runsAtOnce) noteTime(db, 0);
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

interface Kept {
  runs: number;
  bytes: number;
}

function keptNow(db: DatabaseSync): Kept {
  const row = db
    .prepare(`SELECT sum(disk_bytes) AS bytes, count(*) AS runs FROM runs WHERE state <> 'running'`)
    .get();
  return { runs: Number(row?.runs ?? 0), bytes: Number(row?.bytes ?? 0) };
}

function isTooMuch(run: Row, kept: Kept, { runs, ageMs, bytes }: Retention): boolean {
  const age = Date.now() - Number(run.ended_at ?? run.started_at);
  return kept.runs > (runs ?? Infinity) || kept.bytes > (bytes ?? Infinity) || age > (ageMs ?? Infinity);
}

function oldest(db: DatabaseSync): Row[] {
  const select = db.prepare(
    `SELECT n, id, disk_bytes, started_at, ended_at FROM runs
     WHERE state <> 'running' AND n < (SELECT max(n) FROM runs WHERE state <> 'running')
     ORDER BY n LIMIT ?`,
  );
  return select.all(runsAtOnce);
}

/** Runs that left something running on purpose. */
function livingRuns(db: DatabaseSync): Set<string> {
  const rows = db.prepare('SELECT run, pid, start_time, starting FROM detached').all();
  // Whether one was started before whoever did so was killed is found out when they are listed.
  const living = rows.filter(
    row => row.starting !== 0 || isHostAlive({ pid: Number(row.pid), startTime: String(row.start_time) }),
  );
  return new Set(living.map(row => String(row.run)));
}

function remove(db: DatabaseSync, n: number): void {
  transaction(db, () => {
    forgetFound(db, n);
    db.prepare('DELETE FROM detached WHERE run = (SELECT id FROM runs WHERE n = ?)').run(n);
    db.prepare('DELETE FROM steps WHERE run = ?').run(n);
    db.prepare('DELETE FROM runs WHERE n = ?').run(n);
  });
}
