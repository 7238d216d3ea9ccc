import { basename, isAbsolute, relative, sep } from 'node:path';
import { runbookName } from '../../runbook/runbookName';

/** A count with its noun: `1 step`, `6 steps`. */
export function sayCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A path as one would type it in `cwd`, fit for one line. */
export function sayPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return withoutControls(
    near === '' || isAbsolute(near) || near.startsWith(`..${sep}..${sep}`) ? path : near,
  );
}

/** What a runbook is called among people: `restart-api` for `docs/restart-api.md`. */
export function sayRunbook(file: string): string {
  return plain(runbookName(file));
}

/** The title of a recorded runbook; where it has none, what it is called. */
export function sayTitle({ title, file }: { readonly title: string; readonly file: string }): string {
  return title === basename(file) || plain(title) === '' ? sayRunbook(file) : plain(title);
}

/** Text from a file or a process made fit for one line: control characters, which a terminal obeys, are gone. */
export function plain(text: string): string {
  return withoutControls(text).trim();
}

/** The same, with the blanks it begins and ends with. */
export function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}
