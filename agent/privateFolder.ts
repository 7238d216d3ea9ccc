import * as fs from 'node:fs';
import { makeFolder } from './makeFolder';
import { HandrailError } from './protocol/errors';

/**
 * Makes sure that a folder is there, is ours and is closed to others (0700); returns its path. A folder of another
 * user or a link in its place could make us talk to a stranger, so these are refused.
 *
 * @throws HandrailError `unavailable` with reason `folder` and the path.
 */
export function privateFolder(path: string): string {
  const found = make(path);
  if (!found.isDirectory()) throw refused(path, 'is not a folder of its own (a link or a file)');
  if (process.getuid === undefined) return path;
  if (found.uid !== process.getuid()) throw refused(path, `belongs to another user (${String(found.uid)})`);
  if ((found.mode & 0o077) !== 0) fs.chmodSync(path, 0o700);
  return path;
}

function make(path: string): fs.Stats {
  try {
    makeFolder(path);
    return fs.lstatSync(path);
  } catch (error) {
    throw refused(path, `cannot be made: ${(error as Error).message}`, error);
  }
}

function refused(path: string, why: string, cause?: unknown): HandrailError {
  return new HandrailError(
    'unavailable',
    `The folder ${path} ${why}: remove it or set HANDRAIL_HOME`,
    { reason: 'folder', path },
    { cause },
  );
}
