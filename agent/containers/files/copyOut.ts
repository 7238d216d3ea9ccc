import { randomUUID } from 'node:crypto';
import { lstat, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Stats } from 'node:fs';
import type Docker from 'dockerode';
import { HandrailError } from '../../protocol/errors';
import { openArchive } from './archive';
import { resolveLink } from './resolveLink';
import { takeEntry } from './takeEntry';

/** What was copied. */
export interface Copied {
  readonly bytes: number;
  readonly files: number;
  /** Links that lead out of what was copied, devices, pipes, sockets. */
  readonly leftOut: number;
}

/** How to copy. */
interface CopyOptions {
  /** A file that is there already makes way; a folder never does. */
  readonly replace?: boolean;
  /** Milliseconds that may pass without a byte. */
  readonly idle?: number;
  /** Gives it up: nothing is left of it. */
  readonly signal?: AbortSignal;
}

/**
 * Copies a file or folder out of a container to `to`, which must not be there unless `replace` says so; it is there
 * once it is whole. A link is followed; those below it stay links. Nothing is written beside or above it, whatever
 * the archive says; what would lead out of it, and what is neither file, folder nor link, is left out and counted.
 */
export async function copyOut(
  container: Docker.Container,
  path: string,
  to: string,
  { replace = false, idle, signal }: CopyOptions = {},
): Promise<Copied> {
  checkFree(to, await at(to), replace);
  const part = join(dirname(to), `.${randomUUID()}.part`);
  const { entries, close } = await openArchive(container, await resolveLink(container, path), idle);
  const copied = { bytes: 0, files: 0, leftOut: 0 };
  try {
    signal?.throwIfAborted();
    signal?.addEventListener('abort', close, { once: true });
    for await (const entry of entries) {
      const taken = await takeEntry(entry, part);
      if (taken === 'file') {
        copied.files += 1;
        if (entry.header.type === 'file') copied.bytes += entry.header.size;
      } else if (taken === 'leftOut') copied.leftOut += 1;
    }
    signal?.throwIfAborted();
    if ((await at(part)) === undefined)
      throw new HandrailError('notFound', `${path} is neither a file nor a folder`, { path });
    await putInPlace(part, to, replace);
    return copied;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    signal?.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof HandrailError) throw error;
    throw new HandrailError(
      'store',
      `${to} cannot be written: ${message}`,
      { reason: code },
      { cause: error },
    );
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
}

/** What was there is gone only once the new is in its place. */
async function putInPlace(part: string, to: string, replace: boolean): Promise<void> {
  const old = await at(to);
  checkFree(to, old, replace);
  const isFolder = (await at(part))?.isDirectory() === true;
  // A file goes over a file in one; a folder does not.
  if (old === undefined || !isFolder) return rename(part, to);
  const aside = `${part}.old`;
  await rename(to, aside);
  try {
    await rename(part, to);
  } catch (error) {
    await rename(aside, to);
    throw error;
  }
  await rm(aside, { force: true });
}

function checkFree(to: string, found: Stats | undefined, replace: boolean): void {
  if (found === undefined || (replace && !found.isDirectory())) return;
  const what = found.isDirectory() ? 'is there already, a folder' : 'is there already';
  throw new HandrailError('invalidState', `${to} ${what}: choose another name`, { path: to });
}

/** Undefined: nothing is there. */
async function at(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}
