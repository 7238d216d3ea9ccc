import { type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readRegularFile } from '../readRegularFile';

/** Folders that hold what other people wrote. */
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', '.venv', 'vendor']);

/** The files below a folder whose names fit, without what git ignores. */
export function filesBelow(folder: string, name: RegExp): AsyncGenerator<string> {
  return below(folder, name, []);
}

async function* below(folder: string, name: RegExp, rules: readonly FolderRules[]): AsyncGenerator<string> {
  const inForce = [...rules, ...rulesOf(folder)];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (isIgnored(path, entry.isDirectory(), inForce)) continue;
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* below(path, name, inForce);
    } else if (entry.isFile() && name.test(entry.name)) yield path;
  }
}

interface FolderRules {
  readonly folder: string;
  readonly rules: Ignore;
}

function rulesOf(folder: string): FolderRules[] {
  try {
    return [{ folder, rules: ignore().add(readRegularFile(join(folder, '.gitignore')).toString()) }];
  } catch (error) {
    return unlessGone(error, []);
  }
}

/** The innermost file that says anything about the path decides, as with git. */
function isIgnored(path: string, isFolder: boolean, rules: readonly FolderRules[]): boolean {
  for (const { folder, rules: own } of [...rules].reverse()) {
    const inside = relative(folder, path).split(sep).join('/');
    const { ignored, unignored } = own.test(isFolder ? `${inside}/` : inside);
    if (ignored || unignored) return ignored;
  }
  return false;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    return unlessGone(error, []);
  }
}

/** What vanished or is closed to us while we look around is not listed. */
export function unlessGone<T>(error: unknown, otherwise: T): T {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' || code === 'ENOTFILE')
    return otherwise;
  throw error;
}
