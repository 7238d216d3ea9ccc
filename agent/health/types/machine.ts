import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { resolve } from 'node:path';
import * as z from 'zod';
import { checkType, ProbeFailure } from './checkType';

/** Room on a file system. */
export const disk = checkType({
  name: 'disk',
  about: 'room on the file system that a path is on',
  options: z.strictObject({ path: z.string().min(1).default('/') }),
  values: {
    used: ['double', 'the part that is used, 0 to 1'],
    free: ['int', 'bytes that are free for whoever is not root'],
    total: ['int', 'bytes'],
    inodes: ['double', 'the part of the inodes that is used, 0 to 1'],
  },
  up: 'used < 0.9 && inodes < 0.9',
  subject: ({ path }) => path,
  async probe({ path }, { folder }) {
    try {
      const { blocks, bavail, bfree, bsize, files, ffree } = await statfs(resolve(folder, path));
      return {
        // As df counts: what is kept for root is neither used nor free.
        used: blocks === bfree ? 0 : (blocks - bfree) / (blocks - bfree + bavail),
        free: BigInt(bavail * bsize),
        total: BigInt(blocks * bsize),
        inodes: files === 0 ? 0 : (files - ffree) / files,
      };
    } catch (error) {
      throw new ProbeFailure(`${path}: ${(error as Error).message}`, { cause: error });
    }
  },
});

/** Memory of this machine. */
export const memory = checkType({
  name: 'memory',
  about: 'memory of this machine',
  options: z.strictObject({}),
  values: {
    used: ['double', 'the part that programs use, 0 to 1; caches count as free'],
    available: ['int', 'bytes that programs could still get'],
    total: ['int', 'bytes'],
  },
  up: 'used < 0.9',
  subject: () => 'this machine',
  async probe() {
    const total = totalmem();
    const available = (await availableOnLinux()) ?? freemem();
    return { used: 1 - available / total, available: BigInt(available), total: BigInt(total) };
  },
});

/** https://docs.kernel.org/filesystems/proc.html#meminfo; undefined on other systems. */
async function availableOnLinux(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [, kilobytes] = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8')) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** How many processes want to run. */
export const load = checkType({
  name: 'load',
  about: 'how many processes want to run on this machine',
  options: z.strictObject({}),
  values: {
    one: ['double', 'on average over the last minute'],
    five: ['double', 'over 5 minutes'],
    fifteen: ['double', 'over 15 minutes'],
    cores: ['int', 'how many can run at a time'],
  },
  up: 'five < double(cores) * 2.0',
  subject: () => 'this machine',
  probe() {
    if (process.platform === 'win32')
      throw new ProbeFailure('Windows does not count load', { unknown: true });
    const [one, five, fifteen] = loadavg();
    return Promise.resolve({ one, five, fifteen, cores: BigInt(availableParallelism()) });
  },
});
