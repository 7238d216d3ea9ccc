import * as fs from 'node:fs';
import * as path from 'node:path';
import { callAt } from '../client/callAt';
import type { Folders } from '../folders';
import { agentStatus, shutdown } from '../protocol/handshake';
import { rendezvous, versionOfToken } from '../rendezvous';
import { takeLock } from './lock';
import type { Log } from './log';

/**
 * Asks idle agents of older versions to leave, and clears away what dead ones left. One that has clients, runs or
 * sessions is left in peace: it leaves by itself.
 */
export async function retireOlder(folders: Folders, version: string, log: Log): Promise<void> {
  const versions = fs.readdirSync(folders.runtime).map(versionOfToken);
  for (const other of versions) {
    if (other === undefined || !isOlder(other, version)) continue;
    try {
      if (!clearAway(folders, other)) await askToLeave(folders, other, log);
    } catch (error) {
      log.error('An older agent does not leave', error, { version: other });
    }
  }
}

/** Removes the files of an agent that is dead; false where it lives. */
function clearAway(folders: Folders, version: string): boolean {
  const place = rendezvous(folders, version);
  const lock = takeLock(place.lock);
  if (lock === undefined) return false;
  for (const file of [place.socket, place.token, place.lock]) {
    if (path.isAbsolute(file) && !file.startsWith('\\\\')) fs.rmSync(file, { force: true });
  }
  lock.release();
  return true;
}

async function askToLeave(folders: Folders, version: string, log: Log): Promise<void> {
  await callAt(rendezvous(folders, version), { id: 'successor', kind: 'cli' }, async connection => {
    const { clients } = await connection.request(agentStatus, {});
    if (clients > 1) return;
    await connection.request(shutdown, {});
    log.info('Older agent asked to leave', { version });
  });
}

/** Compares the numbers of `1.2.3`; what follows them does not count. */
function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map(each => each.split(/[.+-]/, 3).map(Number));
  const at = [0, 1, 2].find(i => a?.[i] !== b?.[i]);
  return at !== undefined && (a?.[at] ?? 0) < (b?.[at] ?? 0);
}
