import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readRegularFile } from '../readRegularFile';
import { decodeSource } from '../runbook/decode';
import type { Runbook } from '../runbook/model';
import { parseRunbook } from '../runbook/parseRunbook';
import { UsageError } from './call';
import { filesBelow, unlessGone } from './filesBelow';
import { sayPath } from './terminal/words';
import { wordUnreadable } from './wordUnreadable';

export interface FoundRunbook {
  /** Absolute. */
  readonly path: string;
  /** As one would type it. */
  readonly shown: string;
  readonly runbook: Runbook;
}

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
    const files = info.isDirectory() ? filesBelow(start, /\.(md|markdown)$/i) : [start];
    for await (const file of files) {
      const each = await readFound(file, cwd, info.isDirectory());
      if (each !== undefined) found.push(each);
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
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

function notThere(path: string, error: unknown): never {
  throw new UsageError(wordUnreadable(path, error), { cause: error });
}
