import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { HostProcess } from './types';

/** This process. */
export function thisHost(): HostProcess {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
}

/** Whether that very process is still there; another one with its pid is not it. */
export function isHostAlive(host: HostProcess): boolean {
  return exists(host.pid) && (startTimeOf(host.pid) ?? host.startTime) === host.startTime;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startTimeOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStartTime(pid);
  // Without a start time a process is told by its pid alone, which is right but for reused ones.
  return process.platform === 'win32' ? undefined : psStartTime(pid);
}

/** Field 22 of /proc/PID/stat; the second one may hold blanks and brackets, so it is counted from its end. */
function linuxStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; it only waits for its parent to ask.
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

function psStartTime(pid: number): string | undefined {
  try {
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 2000, env })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}
