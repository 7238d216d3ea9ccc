import * as fs from 'node:fs';
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
  try {
    const versions = fs.readdirSync(folders.runtime).map(versionOfToken);
    for (const other of versions) {
      if (other !== undefined && isOlder(other, version)) await retire(folders, other, log);
    }
  } catch (error) {
    log.error('Older agents cannot be looked for', error);
  }
}

async function retire(folders: Folders, version: string, log: Log): Promise<void> {
  try {
    if (!clearAway(folders, version)) await askToLeave(folders, version, log);
  } catch (error) {
    log.error('An older agent does not leave', error, { version });
  }
}

/** Removes the files of an agent that is dead, but for its lock, which others may hold; false where it lives. */
function clearAway(folders: Folders, version: string): boolean {
  const { socket, token, lock: file } = rendezvous(folders, version);
  const lock = takeLock(file);
  if (lock === undefined) return false;
  if (process.platform !== 'win32') fs.rmSync(socket, { force: true });
  fs.rmSync(token, { force: true });
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
