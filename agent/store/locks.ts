import type { DatabaseSync } from 'node:sqlite';
import { isHostAlive } from './hostProcess';
import type { Migrations } from './migrations';
import { openDatabase } from './openDatabase';
import type { Row } from './runRows';
import { withStoreErrors } from './storeError';
import { transaction } from './transaction';
import type { LockHolder, Locks, LockTable } from './types';

/**
 * Opens the locks in `folder`: a small database of their own, so that nobody who waits for a lock is in the way of
 * the history. Throws HandrailError `store`.
 */
export function openLocks(folder: string): LockTable {
  const { db, path } = openDatabase(folder, kind);
  return new StoredLocks(db, path);
}

const migrations: Migrations = [
  `CREATE TABLE locks (
     name TEXT PRIMARY KEY,
     token INTEGER NOT NULL,
     run TEXT NOT NULL,
     file TEXT NOT NULL,
     step TEXT NOT NULL,
     user TEXT NOT NULL,
     since REAL NOT NULL,
     host_pid INTEGER NOT NULL,
     host_start TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE tokens (last INTEGER NOT NULL);
   INSERT INTO tokens VALUES (0);`,
];

const kind = { name: 'locks.db', migrations } as const;

class StoredLocks implements LockTable {
  readonly #db: DatabaseSync;
  readonly #path: string;

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
  }

  take(name: string, holder: LockHolder): ReturnType<Locks['take']> {
    return withStoreErrors(this.#path, () =>
      transaction(this.#db, () => {
        const row = this.#db.prepare('SELECT * FROM locks WHERE name = ?').get(name);
        const heldBy = row && holderOf(row);
        if (heldBy && isHostAlive(heldBy.host)) return { heldBy };
        const token = this.#give(name, holder);
        return { release: () => this.#release(name, token) };
      }),
    );
  }

  list(): ReturnType<LockTable['list']> {
    return withStoreErrors(this.#path, () => {
      const all = this.#db.prepare('SELECT * FROM locks ORDER BY name').all();
      const locks = all.map(row => ({ name: String(row.name), heldBy: holderOf(row) }));
      return locks.filter(({ heldBy }) => isHostAlive(heldBy.host));
    });
  }

  free(name: string): void {
    withStoreErrors(this.#path, () => void this.#db.prepare('DELETE FROM locks WHERE name = ?').run(name));
  }

  close(): void {
    this.#db.close();
  }

  #give(name: string, { run, file, step, user, since, host }: LockHolder): number {
    const row = this.#db.prepare('UPDATE tokens SET last = last + 1 RETURNING last').get();
    const token = Number(row?.last);
    const insert = this.#db.prepare('INSERT OR REPLACE INTO locks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    insert.run(name, token, run, file, step, user, since, host.pid, host.startTime);
    return token;
  }

  /** Only the very taking that is released: by now another one may have it. */
  #release(name: string, token: number): void {
    withStoreErrors(this.#path, () => {
      this.#db.prepare('DELETE FROM locks WHERE name = ? AND token = ?').run(name, token);
    });
  }
}

function holderOf(row: Row): LockHolder {
  return {
    run: String(row.run),
    file: String(row.file),
    step: String(row.step),
    user: String(row.user),
    since: Number(row.since),
    host: { pid: Number(row.host_pid), startTime: String(row.host_start) },
  };
}
