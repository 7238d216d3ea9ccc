import type { DatabaseSync } from 'node:sqlite';
import { newerError } from './storeError';
import { transaction } from './transaction';

/** What was ever done to a database's schema, oldest first; only ever appended to. */
export type Migrations = readonly string[];

/** Brings the database up to this version, whoever else does so at the same moment. */
export function migrate(db: DatabaseSync, path: string, migrations: Migrations): void {
  const version = (): number => versionOf(db, path, migrations.length);
  if (version() === migrations.length) return;
  transaction(db, () => {
    // Looked up again: another process may have done it while this one waited for the lock.
    for (const sql of migrations.slice(version())) db.exec(sql);
    db.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

/** The history. Runs are ordered by `n`, not by time, so that a clock set back does not reorder them. */
export const historyMigrations: Migrations = [
  `CREATE TABLE runs (
     n INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     file TEXT NOT NULL,
     title TEXT NOT NULL,
     state TEXT NOT NULL,
     seq INTEGER NOT NULL,
     started_at REAL NOT NULL,
     ended_at REAL,
     steps_total INTEGER NOT NULL,
     steps_done INTEGER NOT NULL,
     step TEXT,
     asked_by TEXT NOT NULL,
     user TEXT NOT NULL,
     text_hash TEXT NOT NULL,
     cwd TEXT NOT NULL,
     host TEXT NOT NULL,
     commit_id TEXT,
     dirty INTEGER,
     output_bytes INTEGER NOT NULL DEFAULT 0,
     host_pid INTEGER NOT NULL,
     host_start TEXT NOT NULL
   );
   CREATE INDEX runs_by_file ON runs(file, n);
   CREATE INDEX runs_by_state ON runs(state, n);
   CREATE TABLE steps (
     run INTEGER NOT NULL,
     idx INTEGER NOT NULL,
     cell TEXT NOT NULL,
     name TEXT NOT NULL,
     cell_key TEXT NOT NULL,
     language TEXT NOT NULL,
     line INTEGER NOT NULL,
     section TEXT NOT NULL,
     text TEXT NOT NULL,
     state TEXT NOT NULL,
     attempt INTEGER NOT NULL,
     started_at REAL,
     ended_at REAL,
     reason TEXT,
     exit INTEGER,
     signal TEXT,
     message TEXT,
     failed_line INTEGER,
     tty INTEGER NOT NULL,
     output_seq INTEGER NOT NULL,
     output_bytes INTEGER NOT NULL,
     PRIMARY KEY (run, idx)
   ) WITHOUT ROWID;
   CREATE INDEX steps_by_cell ON steps(run, cell);
   CREATE TABLE notes (name TEXT PRIMARY KEY, value) WITHOUT ROWID;`,
  // What was printed told nothing of what is kept; of older runs only the limit of a step is known.
  `ALTER TABLE runs RENAME COLUMN output_bytes TO disk_bytes;
   UPDATE runs SET disk_bytes =
     (SELECT coalesce(sum(min(output_bytes, 66 << 20) + length(text)), 0) FROM steps WHERE run = n);`,
  // Maps and lists are JSON. What was printed is not kept a second time: `found` has the words and where they are.
  `ALTER TABLE runs ADD COLUMN only_cell TEXT;
   ALTER TABLE runs ADD COLUMN message TEXT;
   ALTER TABLE runs ADD COLUMN continues TEXT;
   ALTER TABLE runs ADD COLUMN inputs TEXT;
   ALTER TABLE runs ADD COLUMN identity TEXT;
   ALTER TABLE runs ADD COLUMN tools TEXT;
   ALTER TABLE steps ADD COLUMN file TEXT;
   ALTER TABLE steps ADD COLUMN undoes INTEGER;
   ALTER TABLE steps ADD COLUMN asks TEXT;
   ALTER TABLE steps ADD COLUMN approved_by TEXT;
   ALTER TABLE steps ADD COLUMN outputs TEXT;
   ALTER TABLE steps ADD COLUMN background TEXT;
   ALTER TABLE steps ADD COLUMN mime TEXT;
   ALTER TABLE steps ADD COLUMN since TEXT;
   CREATE VIRTUAL TABLE found USING fts5(
     file, name, text, output,
     content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
   );
   CREATE TABLE detached (
     run TEXT NOT NULL,
     step INTEGER NOT NULL,
     name TEXT NOT NULL,
     file TEXT NOT NULL,
     pid INTEGER NOT NULL,
     start_time TEXT NOT NULL,
     log TEXT NOT NULL,
     started_at REAL NOT NULL,
     PRIMARY KEY (run, step)
   ) WITHOUT ROWID;`,
  // Runs of before there was an index: up to this one they are not in it yet.
  `INSERT INTO notes SELECT 'unindexed', coalesce(max(n), 0) FROM runs;`,
  `ALTER TABLE steps ADD COLUMN typed TEXT;`,
  `ALTER TABLE runs ADD COLUMN whole INTEGER;`,
  `ALTER TABLE detached ADD COLUMN starting INTEGER NOT NULL DEFAULT 0;`,
  `ALTER TABLE runs ADD COLUMN target TEXT;
   ALTER TABLE runs ADD COLUMN target_wins INTEGER;
   ALTER TABLE steps ADD COLUMN target TEXT;`,
  `ALTER TABLE runs ADD COLUMN part TEXT;
   CREATE INDEX steps_by_file ON steps(file, run) WHERE file IS NOT NULL;`,
];

function versionOf(db: DatabaseSync, path: string, known: number): number {
  const row = db.prepare('PRAGMA user_version').get();
  const version = Number(row?.user_version ?? 0);
  if (version > known) throw newerError(path, version, known);
  return version;
}
