import * as fs from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { loadSqlite } from '../store/sqlite';

/** A lock that dies with the process that holds it. */
export interface Lock {
  release(): void;
  /** Whether the file is still where others look for it. */
  readonly isInPlace: boolean;
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
    if (primaryCode(error) !== notADatabase) throw error;
    // Somebody wrote something else into it. It is never removed: another process may have it open to lock it.
    fs.truncateSync(file);
    return take(file);
  }
}

function take(file: string): Lock | undefined {
  const { DatabaseSync: Database } = loadSqlite();
  const database: DatabaseSync = new Database(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
    fs.chmodSync(file, 0o600);
    const { ino } = fs.statSync(file);
    return {
      release: () => database.close(),
      get isInPlace() {
        return fs.statSync(file, { throwIfNoEntry: false })?.ino === ino;
      },
    };
  } catch (error) {
    database.close();
    if (primaryCode(error) === busy) return undefined;
    throw error;
  }
}

function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: number }).errcode;
  return code === undefined ? undefined : code & 0xff;
}
