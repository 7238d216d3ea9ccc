import { type ChildProcess, spawn } from 'node:child_process';
import { guardianScript } from './guardianScript';
import type { ProcessEntry } from '../../processTable';

/**
 * Ends what this process started when this process is killed: a shell in a session of its own that reads a pipe
 * from us. At end of file it kills the process groups it was told of and everything that carries our marker, and
 * removes the files of our sessions.
 */
export interface Guardian {
  /** Before anything is started: from then on a kill of this process leaves nothing. */
  begin(): void;
  /** A process group of ours whose leader lives. */
  watch(group: number): void;
  /**
   * The leader has ended and left these. From now on the group is killed only while one of them is in it, or one
   * that carries our marker: once it is empty, its number may become somebody else's.
   */
  left(group: number, members: readonly ProcessEntry[]): void;
  /** The group is empty. */
  forget(group: number): void;
  /** Lets the guardian go without killing anything. */
  close(): void;
}

/** Milliseconds until a guardian that ended is followed by another. */
const restartDelay = 1000;

/**
 * `marker`: `NAME=value` in the environment of everything this process starts; `folder`: absolute path, of the files of
 * its sessions.
 */
export function createGuardian(marker: string, folder: string): Guardian {
  /** What the guardian has to know, by group: lines for its stdin. */
  const known = new Map<number, string>();
  let shell: ChildProcess | undefined;
  let cancelStart: (() => void) | undefined;
  const start = (): void => {
    cancelStart = undefined;
    const started = startGuardian(marker, folder);
    shell = started;
    started.on('error', () => ended(started));
    started.on('exit', () => ended(started));
    for (const line of known.values()) started.stdin?.write(line);
  };
  const ended = (which: ChildProcess): void => {
    if (shell !== which) return;
    shell = undefined;
    const timer = setTimeout(start, restartDelay).unref();
    cancelStart = () => clearTimeout(timer);
  };
  const begin = (): void => {
    if (shell === undefined && cancelStart === undefined) start();
  };
  const tell = (group: number, line: string): void => {
    known.set(group, line);
    begin();
    shell?.stdin?.write(line);
  };
  return {
    begin,
    watch: group => tell(group, `watch ${group}\n`),
    left(group, members) {
      const list = members.map(({ pid, startTime }) => `${pid}/${startTime}`);
      tell(group, `left ${group} ${list.join(' ')}\n`);
    },
    forget(group) {
      if (known.delete(group)) shell?.stdin?.write(`forget ${group}\n`);
    },
    close() {
      cancelStart?.();
      cancelStart = undefined;
      const last = shell;
      shell = undefined;
      last?.stdin?.end('close\n');
      known.clear();
    },
  };
}

function startGuardian(marker: string, folder: string): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', guardianScript, 'handrail-guardian', marker, folder], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  // Without a guardian cells still run, and are still ended on every way out but a kill -9 of this process.
  shell.stdin?.on('error', () => undefined);
  return shell;
}
