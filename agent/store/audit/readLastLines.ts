import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The last lines of a file, and whether what stands at its end is no whole line. Nothing of what is no plain file. */
export function readLastLines(path: string): { lines: string[]; isCut: boolean } {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size === 0) return { lines: [], isCut: false };
    const from = Math.max(0, stat.size - most);
    const bytes = Buffer.alloc(stat.size - from);
    const lines = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, from)).split('\n');
    return { isCut: lines.pop() !== '', lines };
  } finally {
    closeSync(fd);
  }
}

/** Bytes. A row is far shorter. */
const most = 256 * 1024;
