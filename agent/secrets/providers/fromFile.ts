import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { longestValue, withoutLastLineEnd } from '../checkValue';
import { SecretFailure } from '../secretFailure';
import { homeOf } from './homeOf';
import type { Provider, ProviderContext } from './provider';

/** `file:PATH`: relative to the runbook; `~` is the client's home. One line end at its end is left out. */
export const fromFile: Provider = async (place, context) => {
  const path = pathOf(place, context);
  try {
    return withoutLastLineEnd(await readBounded(path));
  } catch (error) {
    throw error instanceof SecretFailure ? error : failure(path, error as NodeJS.ErrnoException);
  }
};

function pathOf(place: string, { file, environment }: ProviderContext): string {
  if (place === '~' || /^~[/\\]/.test(place)) return join(homeOf(environment), place.slice(1));
  return isAbsolute(place) ? place : resolve(dirname(file), place);
}

/** One byte more than is allowed, so that it is seen to be too long. A pipe or a device could keep us for ever. */
async function readBounded(path: string): Promise<Buffer> {
  const what = await stat(path);
  if (!what.isFile()) {
    const kind = what.isDirectory() ? 'a folder' : 'no regular file';
    throw new SecretFailure(
      'refused',
      `${path} is ${kind}`,
      'Name a file that holds the value and nothing else.',
    );
  }
  await using handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  // With two more for a line end.
  const buffer = Buffer.alloc(longestValue + 3);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

function failure(path: string, error: NodeJS.ErrnoException): SecretFailure {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    const next = 'Make it, or correct the path: it is relative to the runbook.';
    return new SecretFailure('missing', `there is no file ${path}`, next, { cause: error });
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    const next = 'Look at the permissions of the file and of its folders.';
    return new SecretFailure('refused', `${path} may not be read by this user`, next, { cause: error });
  }
  const why = `${path} cannot be read (${error.code ?? error.message})`;
  return new SecretFailure('failed', why, 'Try to read it in a terminal.', { cause: error });
}
