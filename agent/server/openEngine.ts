import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import { systemClock } from '../engine/clock';
import { createRuns } from '../engine/runs';
import { createSessionFactory } from '../executors/sessions';
import type { Folders } from '../folders';
import { isHostAlive, thisHost } from '../store/hostProcess';
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
  const sessions = createSessionFactory({
    folder: path.join(folders.runtime, 'sessions'),
    hostId: randomUUID(),
  });
  const runs = createRuns({ store, sessions, clock: systemClock, host: thisHost() });
  return { store, runs };
}
