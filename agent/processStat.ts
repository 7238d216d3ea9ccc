import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What tells a process from a later one with the same pid; undefined where there is none, or that cannot be told. */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  return process.platform === 'linux' ? statOf(pid)?.startTime : psStartTime(pid);
}

/** Fields of /proc/PID/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** Ticks since the start of the system. */
  readonly startTime: string;
}

/** Linux only; a zombie has ended and only waits for its parent to ask, so it is not there. */
export function statOf(pid: number): ProcessStat | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the name in parentheses, which may itself hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent, group] = fields;
  const startTime = fields[19];
  if (startTime === undefined || state === 'Z' || state === 'X') return undefined;
  return { state, parent: Number(parent), group: Number(group), startTime };
}

function psStartTime(pid: number): string | undefined {
  try {
    // Always the same words for the same moment, whatever our own environment asks for.
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' };
    const told = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 2000, env });
    return told.toString().trim() || undefined;
  } catch {
    // `ps` exits with 1 where it finds nothing.
    return undefined;
  }
}
