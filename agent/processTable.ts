import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

/** A living process as the system lists it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Tells a process from a later one with the same pid. */
  readonly startTime: string;
}

/** All living processes; zombies are not alive. */
export function listProcesses(): ProcessEntry[] {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

/** The first of the living processes that carry a mark (`NAME=value`) and lead a group; else the first of them all. */
export function findMarked(mark: string): ProcessEntry | undefined {
  const marked = listProcesses()
    .filter(({ pid }) => hasInEnvironment(pid, `\n${mark}\n`))
    .sort((a, b) => Number(a.startTime) - Number(b.startTime) || a.pid - b.pid);
  return marked.find(({ pid, group }) => pid === group) ?? marked[0];
}

/** Whether a process was started with `NAME=value…` in its environment. False where that cannot be read. */
export function hasInEnvironment(pid: number, prefix: string): boolean {
  const environment = process.platform === 'linux' ? environmentFromProc(pid) : environmentFromPs(pid);
  return environment.includes(prefix);
}

/**
 * Whether `entry` surely started before `other`, so that it cannot be of its making; false where the system's start
 * times cannot be compared. Saves reading the environment of nearly everybody.
 */
export function isOlder(entry: ProcessEntry, other: ProcessEntry | undefined): boolean {
  return other !== undefined && Number(entry.startTime) < Number(other.startTime);
}

/** The command line of a process as a person would type it, or its name where it has none. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') return ps(['-p', String(pid), '-o', 'command=']).trim();
  const line = readText(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
  return line || readText(`/proc/${pid}/comm`).trim();
}

/**
 * When a process started, as {@link ProcessEntry.startTime}; undefined where there is none with that pid, or the
 * system does not tell.
 */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.platform === 'linux') return entryFromProc(pid)?.startTime;
  return oneWord(ps(['-p', String(pid), '-o', 'lstart='])) || undefined;
}

/** Whether the processes of others can be seen, too: https://docs.kernel.org/filesystems/proc.html (hidepid) */
export function seesAll(): boolean {
  return readText('/proc/1/stat') !== '';
}

/**
 * Whether a process in some container of this machine has that pid there, and started then as the machine counts; where
 * the container has a clock of its own, the pid must do.
 */
export function isInContainer(pid: number, startTime: string): boolean {
  const within = new RegExp(`^NSpid:\\s.*\\s${pid}$`, 'm');
  return listFromProc().some(process => {
    if (!within.test(readText(`/proc/${process.pid}/status`))) return false;
    return process.startTime === startTime || clockOf(process.pid) !== clockOf('self');
  });
}

/** https://man7.org/linux/man-pages/man7/time_namespaces.7.html; another user's is not told. */
function clockOf(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/time`);
  } catch {
    return undefined;
  }
}

/** Whether there is a process with that pid, anybody's; a zombie counts. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether anybody is in a process group; cheaper than {@link listProcesses}. */
export function hasMembers(group: number): boolean {
  return exists(-group);
}

function listFromProc(): ProcessEntry[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0)
    .flatMap(pid => entryFromProc(pid) ?? []);
}

/** Fields of /proc/PID/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function entryFromProc(pid: number): ProcessEntry | undefined {
  const stat = readStat(pid);
  // The second field is the name in parentheses, which may itself hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  const startTime = fields[19];
  if (startTime === undefined || state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), group: Number(group), startTime };
}

/** Longer than any line of /proc/PID/stat: 52 numbers and a name of at most 64 bytes. */
const statBuffer = Buffer.alloc(2048);

/** One read into one buffer, because this is done for every process of the machine each time a run ends. */
function readStat(pid: number): string {
  let file: number | undefined;
  try {
    file = openSync(`/proc/${pid}/stat`, 'r');
    return statBuffer.toString('latin1', 0, readSync(file, statBuffer));
  } catch {
    return ''; // It has ended meanwhile.
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function environmentFromProc(pid: number): string {
  return `\0${readText(`/proc/${pid}/environ`)}`.replaceAll('\0', '\n');
}

function listFromPs(): ProcessEntry[] {
  return ps(['-axo', 'pid=,ppid=,pgid=,stat=,lstart='])
    .split('\n')
    .flatMap(line => {
      const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
      if (match === null || match[4]?.startsWith('Z') === true) return [];
      const [, pid, parent, group, , startTime = ''] = match;
      return [
        { pid: Number(pid), parent: Number(parent), group: Number(group), startTime: oneWord(startTime) },
      ];
    });
}

function oneWord(time: string): string {
  return time.trim().replaceAll(/\s+/g, '_');
}

function environmentFromPs(pid: number): string {
  return ps(['-E', '-ww', '-p', String(pid), '-o', 'command=']).replaceAll(' ', '\n');
}

/** A process that ended meanwhile, or belongs to somebody else, reads as nothing. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** `ps` exits with 1 where it finds nothing. Times are in UTC, as the guardian reads them. */
function ps(args: string[]): string {
  try {
    return execFileSync('/bin/ps', args, {
      encoding: 'latin1',
      timeout: 5000,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    });
  } catch {
    return '';
  }
}
