import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readRegularFile } from '../readRegularFile';
import { decodeSource } from '../runbook/decode';
import type { Runbook } from '../runbook/model';
import { parseRunbook } from '../runbook/parseRunbook';
import { UsageError } from './call';
import { sayPath } from './terminal/words';
import { wordUnreadable } from './wordUnreadable';

export interface FoundRunbook {
  /** Absolute. */
  readonly path: string;
  /** As one would type it. */
  readonly shown: string;
  readonly runbook: Runbook;
}

/** Folders that hold other people's Markdown. */
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', '.venv', 'vendor']);
/** A larger file is no runbook that anybody wrote. */
const largest = 5 * 1024 * 1024;

/**
 * The Markdown files among `paths` and in the folders below them that have a cell, sorted by path. In folders
 * what git ignores is left out.
 */
export async function findRunbooks(paths: readonly string[], cwd: string): Promise<FoundRunbook[]> {
  const found: FoundRunbook[] = [];
  for (const path of paths) {
    const start = resolve(cwd, path);
    const info = await stat(start).catch((error: unknown) => notThere(path, error));
    const files = info.isDirectory() ? markdownBelow(start, []) : [start];
    for await (const file of files) {
      const each = await readFound(file, cwd, info.isDirectory());
      if (each !== undefined) found.push(each);
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function* markdownBelow(folder: string, rules: readonly FolderRules[]): AsyncGenerator<string> {
  const inForce = [...rules, ...rulesOf(folder)];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (isIgnored(path, entry.isDirectory(), inForce)) continue;
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* markdownBelow(path, inForce);
    } else if (entry.isFile() && /\.(md|markdown)$/i.test(entry.name)) yield path;
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

async function readFound(path: string, cwd: string, among: boolean): Promise<FoundRunbook | undefined> {
  const bytes = among ? await readAmong(path) : readNamed(path, cwd);
  if (bytes === undefined) return undefined;
  const runbook = parseRunbook(decodeSource(bytes));
  return runbook.cells.length === 0 ? undefined : { path, shown: sayPath(path, cwd), runbook };
}

async function readAmong(path: string): Promise<Uint8Array | undefined> {
  try {
    return (await stat(path)).size > largest ? undefined : readRegularFile(path);
  } catch (error) {
    return unlessGone(error, undefined);
  }
}

function readNamed(path: string, cwd: string): Uint8Array {
  try {
    return readRegularFile(path);
  } catch (error) {
    return notThere(sayPath(path, cwd), error);
  }
}

/** What vanished or is closed to us while we look around is not listed. */
function unlessGone<T>(error: unknown, otherwise: T): T {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' || code === 'ENOTFILE')
    return otherwise;
  throw error;
}

function notThere(path: string, error: unknown): never {
  throw new UsageError(wordUnreadable(path, error), { cause: error });
}
