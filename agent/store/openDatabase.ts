import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '../makeFolder';
import { HandrailError } from '../protocol/errors';
import { migrate } from './migrations';
import type { Migrations } from './migrations';
import { loadSqlite } from './sqlite';
import { openUnwritable } from './openUnwritable';
import { isCorrupt, isLocked, storeError } from './storeError';

/** A database that is ready to use. */
export interface OpenedDatabase {
  readonly db: DatabaseSync;
  readonly path: string;
  /** Where a damaged one was put, if there was one. */
  readonly setAside?: string;
  /** Why it can only be read. */
  readonly unwritable?: HandrailError;
}

/** What a database is called and made of. */
export interface DatabaseKind {
  readonly name: string;
  readonly migrations: Migrations;
}

/** How a database is opened. */
export interface Opening {
  /** How long another process's write is waited for, in milliseconds. */
  readonly patience?: number | undefined;
  /** Opens it also where it can only be read: the disk is full, or the folder read-only. */
  readonly toRead?: boolean | undefined;
}

/**
 * Opens a database in `folder`, makes it if it is not there, and brings it up to date. A damaged one is kept
 * under another name and a new one begun. Throws HandrailError `store`.
 */
export function openDatabase(
  folder: string,
  kind: DatabaseKind,
  { patience = defaultPatience, toRead = false }: Opening = {},
): OpenedDatabase {
  const path = join(folder, kind.name);
  const { migrations } = kind;
  try {
    makeFolder(folder);
    return { db: open(path, migrations, patience, existsSync(suspicionOf(path))), path };
  } catch (error) {
    const worded = storeError(error, path);
    const readable = toRead ? openToRead(path, worded, migrations) : undefined;
    if (readable) return readable;
    if (!isCorrupt(worded)) throw worded;
  }
  const setAside = setAsideDamaged(path);
  try {
    return { db: open(path, migrations, patience, false), path, setAside };
  } catch (error) {
    throw storeError(error, path);
  }
}

function openToRead(path: string, error: unknown, migrations: Migrations): OpenedDatabase | undefined {
  if (!(error instanceof HandrailError) || !unwritableReasons.has(error.details.reason)) return undefined;
  const db = openUnwritable(path);
  if (!db) return undefined;
  try {
    // An older one cannot be brought up to date, and a newer one not be read.
    migrate(db, path, migrations);
  } catch {
    db.close();
    return undefined;
  }
  return { db, path, unwritable: error };
}

const unwritableReasons: ReadonlySet<unknown> = new Set(['full', 'read-only', 'no-access', 'io']);

/** Has the next {@link openDatabase} look at the whole file: some part of it turned out to be damaged. */
export function suspectDamage(path: string): void {
  writeFileSync(suspicionOf(path), '');
}

/** How long another process's write is waited for, in milliseconds. */
const defaultPatience = 5000;

function open(path: string, migrations: Migrations, patience: number, suspected: boolean): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  const db = new Database(path, { timeout: patience });
  try {
    useWriteAheadLog(db, patience);
    db.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF');
    migrate(db, path, migrations);
    if (suspected) checkWhole(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Changing the journal mode does not wait for other processes as all else does, so the waiting is done here. */
function useWriteAheadLog(db: DatabaseSync, patience: number): void {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isLocked(storeError(error, '')) || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 + Math.random() * 20);
    }
  }
}

function checkWhole(db: DatabaseSync, path: string): void {
  const found = db.prepare('PRAGMA quick_check(1)').get();
  if (found?.quick_check !== 'ok') throw damaged(path);
  rmSync(suspicionOf(path), { force: true });
}

function setAsideDamaged(path: string): string {
  const aside = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  rmSync(suspicionOf(path), { force: true });
  return aside;
}

function suspicionOf(path: string): string {
  return `${path}.suspect`;
}

function damaged(path: string): HandrailError {
  return new HandrailError('store', `The database is damaged: ${path}`, { reason: 'corrupt', path });
}
