import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Bytes; more was not written by a person. */
const longest = 64 * 2 ** 20;

/**
 * Reads a file that somebody else names. A pipe or a device would keep this process waiting for ever: what is no
 * regular file, or longer than 64 MiB, is refused with an error that has the code `ENOTFILE` or `EFBIG`.
 */
export function readRegularFile(path: string): Buffer {
  // Opening a pipe to read waits for its writer, unless told not to.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (stats.isDirectory()) throw refusal('EISDIR', `${path} is a folder`);
    if (!stats.isFile()) throw refusal('ENOTFILE', `${path} is no regular file`);
    if (stats.size > longest) throw refusal('EFBIG', `${path} is longer than 64 MiB`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
