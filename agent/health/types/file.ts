import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { celDuration } from '../conditions/values';
import { checkType, ProbeFailure } from './checkType';

const Options = z.strictObject({ path: z.string().min(1) });

/** Bytes of the content that conditions see. */
const longest = 1024 * 1024;

/** A file: whether it is there, how old, how large, what is in it. */
export const file = checkType({
  name: 'file',
  about: 'a file: whether it is there, how old and how large it is, what is in it',
  options: Options,
  values: {
    exists: ['bool', 'whether it is there; the others are missing where it is not'],
    age: ['duration', 'since it was last changed', 'the file is not there'],
    size: ['int', 'bytes', 'the file is not there'],
    text: ['string', 'the first MiB of it', 'the file is not there, or it is a folder, a pipe or a device'],
  },
  up: 'exists',
  subject: ({ path }) => path,
  async probe({ path }, { folder, signal }) {
    try {
      return await look(resolve(folder, path), signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { exists: false };
      const words = code === 'EACCES' ? 'it may not be read' : message;
      throw new ProbeFailure(`${path}: ${words}`, { unknown: true, cause: error });
    }
  },
});

/** Only a regular file is opened: a pipe would keep a thread waiting for its writer, a device may do anything. */
async function look(path: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const seen = await stat(path);
  if (!seen.isFile()) return valuesOf(seen);
  // Another may have come into its place; then nothing waits for it, either.
  await using handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stats = await handle.stat();
  if (!stats.isFile()) return valuesOf(stats);
  return { ...valuesOf(stats), text: await textOf(handle, signal) };
}

function valuesOf({ mtimeMs, size }: { mtimeMs: number; size: number }): Record<string, unknown> {
  return { exists: true, age: celDuration(Date.now() - mtimeMs), size: BigInt(size) };
}

/** Up to the limit, whatever its size is said to be: below `/proc` that is 0. */
async function textOf(handle: FileHandle, signal: AbortSignal): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  while (length < longest) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(65_536, longest - length)));
    if (bytesRead === 0) break;
    pieces.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(pieces).toString('utf8');
}
