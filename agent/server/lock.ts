import * as fs from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { loadSqlite } from '../store/sqlite';

/** A lock that dies with the process that holds it. */
export interface Lock {
  release(): void;
}

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const busy = 5;
const notADatabase = 26;

/**
 * Takes the lock of a file, or returns undefined where another process holds it. The system lets go of SQLite's
 * locks when a process ends, however it ends, so that none is ever stale.
 */
export function takeLock(file: string): Lock | undefined {
  try {
    return take(file);
  } catch (error) {
    const code = primaryCode(error);
    if (code === busy) return undefined;
    if (code !== notADatabase) throw error;
    // Somebody wrote something else into it; nobody can hold a lock on that.
    fs.rmSync(file);
    return take(file);
  }
}

function take(file: string): Lock {
  const { DatabaseSync: Database } = loadSqlite();
  const database: DatabaseSync = new Database(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    fs.chmodSync(file, 0o600);
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: number }).errcode;
  return code === undefined ? undefined : code & 0xff;
}
