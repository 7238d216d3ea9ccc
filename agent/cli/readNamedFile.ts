import { readFileSync } from 'node:fs';
import { readRegularFile } from '../readRegularFile';

/**
 * Reads a file that a person named. A pipe that lies in a folder may have nobody who writes to it, and is refused; one
 * that the shell has opened for us (`<(command)`) is read to its end. Throws like {@link readRegularFile}.
 */
export function readNamedFile(path: string): Buffer {
  return opened.test(path) ? readFileSync(path) : readRegularFile(path);
}

const opened = /^\/(?:dev|proc\/self)\/fd\/\d+$|^\/dev\/stdin$/;
