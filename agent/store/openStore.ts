import { join } from 'node:path';
import { defaultLimits } from './output/fileWriter';
import type { OutputLimits } from './output/fileWriter';
import { defaultPatience, openDatabase } from './openDatabase';
import { defaultRetention } from './prune';
import { SqliteRunStore } from './runStore';
import type { RunStore } from './types';

/** What may differ from the defaults. */
export interface StoreOptions {
  readonly limits?: OutputLimits;
  /** Bytes on disk kept over all runs; the oldest ended runs make room. */
  readonly retention?: number;
  /** How long another process's write is waited for, in milliseconds. */
  readonly patience?: number;
}

/** Opens the history in `folder`, and makes it if it is not there. Throws HandrailError `store`. */
export function openStore(folder: string, options: StoreOptions = {}): RunStore {
  const opened = openDatabase(folder, options.patience ?? defaultPatience);
  const { limits = defaultLimits, retention = defaultRetention } = options;
  return new SqliteRunStore(opened, join(folder, 'output'), { limits, retention });
}
