import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemClock } from '../engine/clock';
import { createRuns } from '../engine/runs';
import { createSessionFactory } from '../executors/sessions';
import type { Folders } from '../folders';
import { isHostAlive, thisHost } from '../store/hostProcess';
import { sessionFolder } from '../sessionFolder';
import { openStore } from '../store/openStore';
import type { Engine } from './agent';
import type { Log } from './log';

/**
 * Opens the history, says of runs whose process is gone that they were interrupted, and sets up what executes new
 * ones.
 *
 * @throws HandrailError `store`
 */
export function openEngine(folders: Folders, log: Log): Engine {
  const store = openStore(folders.data);
  for (const run of store.interruptAbandoned(isHostAlive)) {
    log.warn('Run was interrupted', { run: run.id, file: run.file });
  }
  const report = (error: unknown): void => log.error('Something went wrong in a run', error);
  const folder = sessionFolder(path.join(folders.runtime, 'agent-sessions'));
  const sessions = createSessionFactory({ folder, hostId: randomUUID() });
  const runs = createRuns({ store, sessions, clock: systemClock, host: thisHost(), report });
  return { store, runs, close };

  async function close(): Promise<void> {
    await runs.close();
    await sessions.close();
    fs.rmSync(folder, { recursive: true, force: true });
    store.close();
  }
}
