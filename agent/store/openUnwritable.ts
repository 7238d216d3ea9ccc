import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { loadSqlite } from './sqlite';

/**
 * Opens a database that cannot be written, to be read: where the disk is full with an index of the log in memory
 * instead of a file (https://www.sqlite.org/wal.html#noshm), where the folder is read-only as if nobody could write
 * (https://www.sqlite.org/wal.html#readonly). Undefined where neither helps.
 */
export function openUnwritable(path: string): DatabaseSync | undefined {
  return attempt(() => openAlone(path)) ?? attempt(() => openImmutable(path));
}

function openAlone(path: string): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  return checked(new Database(path, { timeout: 500 }), 'PRAGMA locking_mode = EXCLUSIVE');
}

function openImmutable(path: string): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return checked(new Database(url, { readOnly: true }), 'PRAGMA query_only = ON');
}

function checked(db: DatabaseSync, pragma: string): DatabaseSync {
  try {
    db.exec(pragma);
    db.exec('PRAGMA query_only = ON');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Why this way is none is of no interest: what first kept it from being opened is told. */
function attempt(open: () => DatabaseSync): DatabaseSync | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
