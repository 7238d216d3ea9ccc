import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder } from './makeFolder';
import { isHostAlive, thisHost } from './store/hostProcess';

/**
 * A folder of this process for the files of its sessions. What dead processes left in `parent` is removed: snapshots
 * of a shell hold its variables.
 */
export function sessionFolder(parent: string): string {
  const { pid, startTime } = thisHost();
  makeFolder(parent);
  for (const name of fs.readdirSync(parent)) {
    const [number, time] = name.split('@');
    if (isHostAlive({ pid: Number(number), startTime: decodeURIComponent(time ?? '') })) continue;
    fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  return path.join(parent, `${pid}@${encodeURIComponent(startTime)}`);
}
