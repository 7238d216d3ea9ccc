import { open } from 'node:fs/promises';
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
    text: ['string', 'the first MiB of it', 'the file is not there'],
  },
  up: 'exists',
  subject: ({ path }) => path,
  async probe({ path }, { folder }) {
    try {
      await using handle = await open(resolve(folder, path), 'r');
      const { mtimeMs, size } = await handle.stat();
      const buffer = Buffer.alloc(Math.min(size, longest));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return {
        exists: true,
        age: celDuration(Date.now() - mtimeMs),
        size: BigInt(size),
        text: buffer.toString('utf8', 0, bytesRead),
      };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { exists: false };
      const words = code === 'EACCES' ? 'it may not be read' : message;
      throw new ProbeFailure(`${path}: ${words}`, { unknown: true, cause: error });
    }
  },
});
