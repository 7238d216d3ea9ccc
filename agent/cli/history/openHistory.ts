import { existsSync } from 'node:fs';
import { openHistory } from '../../openHistory';
import { HandrailError } from '../../protocol/errors';
import type { RunRecord } from '../../protocol/runs';
import type { RunStore } from '../../store/types';
import type { Call } from '../call';

/** Reads the history, which is there or is not; looking at it makes no folder. */
export async function withHistory<T>(
  call: Call,
  read: (store: RunStore) => T | Promise<T>,
): Promise<T | undefined> {
  const folders = call.folders();
  if (!existsSync(folders.data)) return undefined;
  const store = openHistory(folders, { toRead: true });
  try {
    return await read(store);
  } finally {
    // Some are known only once it was read.
    for (const notice of store.notices) void call.terminal.stderr.write(`${notice}\n`);
    store.close();
  }
}

/**
 * The run that `id` names: an id, the beginning of one, or `last`.
 *
 * @throws HandrailError `notFound`
 */
export function findRun(store: RunStore, id: string): RunRecord {
  const run = store.find(id);
  if (run === undefined) throw noSuchRun(id);
  return run;
}

export function noSuchRun(id: string): HandrailError {
  return new HandrailError('notFound', 'There is no such run', {
    run: id,
  });
}
