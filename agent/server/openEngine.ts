import * as path from 'node:path';
import type { Folders } from '../folders';
import { hostRuns } from '../hostRuns';
import { openHistory } from '../openHistory';
import { isHostAlive } from '../store/hostProcess';
import { sessionFolder } from '../sessionFolder';
import type { Engine } from './agent';
import type { Log } from './log';

/**
 * Opens the history, says of runs whose process is gone that they were interrupted, and sets up what executes new
 * ones.
 *
 * @throws HandrailError `store`
 */
export function openEngine(folders: Folders, log: Log): Engine {
  const store = openHistory(folders);
  for (const notice of store.notices) log.warn(notice);
  for (const run of store.interruptAbandoned(isHostAlive)) {
    log.warn('Run was interrupted', { run: run.id, file: run.file });
  }
  const report = (error: unknown): void => log.error('Something went wrong in a run', error);
  const folder = sessionFolder(path.join(folders.runtime, 'agent-sessions'));
  const hosted = hostRuns({ store, folders, sessions: folder, report });
  return { store, runs: hosted.runs, close };

  async function close(): Promise<void> {
    await hosted.close();
    store.close();
  }
}
