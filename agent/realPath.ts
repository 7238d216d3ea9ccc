import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Where links lead: of what is not there, as a text that was never saved, as far as its folders are. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // What cannot be looked at is told by whoever reads it.
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
  }
}
