import { createWriteStream, type Stats } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, symlink } from 'node:fs/promises';
import { dirname, join, normalize, posix, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HandrailError } from '../../protocol/errors';
import type { Entry } from './archive';

/**
 * Writes an entry of an archive within the folder `part`, which stands for the first component of every name. Rejects
 * with `engine` where a name leads out of it.
 */
export async function takeEntry(entry: Entry, part: string): Promise<'file' | 'other' | 'leftOut'> {
  const { name, type, mode, linkname } = entry.header;
  const below = partsBelow(name);
  const path = join(part, ...below);
  await checkWithin(part, below);
  if (type === 'file') {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await pipeline(entry as AsyncIterable<Buffer>, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    await chmod(path, (mode & 0o777) | 0o600);
    return 'file';
  }
  entry.resume();
  switch (type) {
    case 'directory':
      await mkdir(path, { recursive: true, mode: 0o700 });
      return 'other';
    case 'link':
      return (await takeHardLink(part, linkname ?? '', path)) ? 'file' : 'leftOut';
    case 'symlink':
      if (below.length === 0 || !leadsWithin(below, linkname ?? '')) return 'leftOut';
      await symlink(linkname ?? '', path);
      return 'other';
    default:
      return 'leftOut';
  }
}

function partsBelow(name: string): string[] {
  const [, ...below] = name.split('/').filter(word => word !== '' && word !== '.');
  if (name.startsWith('/') || below.includes('..') || name.includes('\0')) throw refused(name);
  return below;
}

/** A further name of a file that has come before. False: that is no file that was taken. */
async function takeHardLink(part: string, target: string, path: string): Promise<boolean> {
  const below = partsBelow(target);
  await checkWithin(part, below);
  const first = join(part, ...below);
  if ((await found(first))?.isFile() !== true || first === path) return false;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await link(first, path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    // A file system without hard links.
    await copyFile(first, path);
  }
  return true;
}

/** No part of the way may be a link that came with the archive. */
async function checkWithin(part: string, below: readonly string[]): Promise<void> {
  for (let depth = 0; depth < below.length; depth++) {
    const above = await found(join(part, ...below.slice(0, depth)));
    if (above !== undefined && !above.isDirectory()) throw refused(below.join('/'));
  }
}

/** Undefined: nothing is there. */
async function found(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

function leadsWithin(below: readonly string[], target: string): boolean {
  if (target === '' || target.startsWith('/')) return false;
  const reached = posix.normalize(posix.join(...below.slice(0, -1), target));
  return reached !== '..' && !reached.startsWith('../') && !normalize(reached).startsWith(`..${sep}`);
}

function refused(name: string): HandrailError {
  return new HandrailError('engine', `The engine sent a file that leads out of the folder: ${name}`, {
    name,
  });
}
