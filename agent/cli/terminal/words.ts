import { isAbsolute, relative, sep } from 'node:path';
import { runbookName } from '../../runbook/runbookName';

/** A length of time as a person says it: `0.4 s`, `1 min 12 s`, `3 h 2 min`. */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds) / 60;
  if (minutes < 60) return `${Math.floor(minutes)} min ${Math.round(seconds) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${Math.floor(minutes) % 60} min`;
}

/** A moment in the past: `12 s ago`, `yesterday 18:02`, `2026-03-01 18:02`. */
export function sayMoment(time: number, now: number): string {
  const ago = (now - time) / 1000;
  if (ago < 60) return `${Math.max(0, Math.floor(ago))} s ago`;
  if (ago < 3600) return `${Math.floor(ago / 60)} min ago`;
  const [then, today] = [new Date(time), new Date(now)];
  const clock = `${two(then.getHours())}:${two(then.getMinutes())}`;
  const days = Math.round((midnight(today) - midnight(then)) / 86_400_000);
  if (days === 0) return `today ${clock}`;
  if (days === 1) return `yesterday ${clock}`;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${clock}`;
}

/** A count with its noun: `1 step`, `6 steps`. */
export function sayCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A path as one would type it in `cwd`. */
export function sayPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === '' || isAbsolute(near) || near.startsWith(`..${sep}..${sep}`) ? path : near;
}

/** What a runbook is called among people: `restart-api` for `docs/restart-api.md`. */
export function sayRunbook(file: string): string {
  return plain(runbookName(file));
}

/** Text from a file or a process made fit for one line: control characters, which a terminal obeys, are gone. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
