import type { DatabaseSync } from 'node:sqlite';

/** Does all of `action` or nothing of it. */
export function transaction<T>(db: DatabaseSync, action: () => T): T {
  // IMMEDIATE: a lock that is taken late cannot wait for its turn.
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
