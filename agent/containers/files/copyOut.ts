import { createWriteStream, existsSync } from 'node:fs';
import { chmod, lstat, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, normalize, posix, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import { type Extract, extract } from 'tar-stream';
import { HandrailError } from '../../protocol/errors';

/** Something in an archive, and its bytes. */
type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/** What was copied. */
export interface Copied {
  readonly bytes: number;
  readonly files: number;
}

/** Reads the first bytes of a file in a container. HandrailError `notFound` where it is no file. */
export async function readFileIn(
  container: Docker.Container,
  path: string,
  maxBytes: number,
): Promise<{ data: string; size: number; cut: boolean }> {
  const stream = (await container.getArchive({ path })) as Readable;
  const reader = extract();
  stream.on('error', error => reader.destroy(error));
  stream.pipe(reader);
  try {
    for await (const entry of reader) {
      if (entry.header.type !== 'file') throw new HandrailError('notFound', `${path} is no file`, { path });
      const { size } = entry.header;
      const parts: Buffer[] = [];
      let length = 0;
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        parts.push(chunk);
        length += chunk.length;
        if (length >= maxBytes) break;
      }
      const data = Buffer.concat(parts).subarray(0, maxBytes);
      return { data: data.toString('base64'), size, cut: size > data.length };
    }
  } finally {
    stream.destroy();
  }
  throw new HandrailError('notFound', `${path} is not there`, { path });
}

/**
 * Copies a file or folder out of a container to `to`, which must not be there; it is there once it is whole. Nothing is
 * written beside or above it, whatever the archive says; links stay links, those that lead out of it are left out.
 */
export async function copyOut(container: Docker.Container, path: string, to: string): Promise<Copied> {
  if (existsSync(to)) throw new HandrailError('invalidState', `${to} is there already`, { path: to });
  const part = join(dirname(to), `.${randomUUID()}.part`);
  const stream = (await container.getArchive({ path })) as Readable;
  const reader = extract();
  stream.on('error', error => reader.destroy(error));
  stream.pipe(reader);
  const copied = { bytes: 0, files: 0 };
  try {
    for await (const entry of reader) {
      await takeEntry(entry, part);
      if (entry.header.type === 'file') {
        copied.bytes += entry.header.size;
        copied.files += 1;
      }
    }
    if (existsSync(to)) throw new HandrailError('invalidState', `${to} is there already`, { path: to });
    await rename(part, to);
    return copied;
  } catch (error) {
    stream.destroy();
    await rm(part, { recursive: true, force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof HandrailError) throw error;
    throw new HandrailError(
      'store',
      `${to} cannot be written: ${message}`,
      { reason: code },
      { cause: error },
    );
  }
}

/** The first component of every name is the thing itself, whose name `to` stands for. */
async function takeEntry(entry: Entry, part: string): Promise<void> {
  const { name, type, mode, linkname } = entry.header;
  const [, ...below] = name.split('/').filter(word => word !== '' && word !== '.');
  if (name.startsWith('/') || below.includes('..') || name.includes('\0')) throw refused(name);
  const at = join(part, ...below);
  await checkWithin(part, below);
  switch (type) {
    case 'directory':
      await mkdir(at, { recursive: true, mode: 0o700 });
      break;
    case 'file':
      await mkdir(dirname(at), { recursive: true, mode: 0o700 });
      await pipeline(entry as AsyncIterable<Buffer>, createWriteStream(at, { flags: 'wx', mode: 0o600 }));
      await chmod(at, (mode & 0o777) | 0o600);
      return;
    case 'symlink':
      if (leadsWithin(below, linkname)) await symlink(linkname, at);
      break;
    default:
      // Hard links, devices, pipes: nothing that a copy needs.
      break;
  }
  entry.resume();
}

/** No part of the way may be a link that came with the archive. */
async function checkWithin(part: string, below: readonly string[]): Promise<void> {
  for (let depth = 0; depth < below.length; depth++) {
    const found = await lstat(join(part, ...below.slice(0, depth))).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (found !== undefined && !found.isDirectory()) throw refused(below.join('/'));
  }
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
