import { join } from 'node:path';
import { historyMigrations } from './migrations';
import { defaultLimits } from './output/fileWriter';
import type { OutputLimits } from './output/fileWriter';
import { openDatabase } from './openDatabase';
import { defaultRetention } from './prune';
import type { Retention } from './prune';
import { SqliteRunStore } from './runStore';
import type { RunStore } from './types';

/** What may differ from the defaults. */
export interface StoreOptions {
  readonly limits?: OutputLimits;
  /** What is kept; the oldest ended runs make room. */
  readonly retention?: Retention;
  /** How long another process's write is waited for, in milliseconds. */
  readonly patience?: number;
  /** Opens it also where it can only be read: {@link RunStore.notices} say so, and what writes throws. */
  readonly toRead?: boolean;
  /** Absolute path of a file that takes a copy of the audit log as it is written, as JSON lines. */
  readonly auditCopy?: string;
}

/** Opens the history in `folder`, and makes it if it is not there. Throws HandrailError `store`. */
export function openStore(folder: string, options: StoreOptions = {}): RunStore {
  const { limits = defaultLimits, retention = defaultRetention, patience, toRead, auditCopy } = options;
  return new SqliteRunStore(openDatabase(folder, kind, { patience, toRead }), {
    output: join(folder, 'output'),
    states: join(folder, 'states'),
    limits,
    retention,
    audit: { folder, patience, toRead, copy: auditCopy },
  });
}

const kind = { name: 'history.db', migrations: historyMigrations } as const;
