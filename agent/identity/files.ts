import { readFileSync, statSync } from 'node:fs';

/** Reads configuration files, each again only after it has changed. */
export class ConfigFiles {
  readonly #read = new Map<string, { readonly stamp: string; readonly value: unknown }>();

  /**
   * What `parse` makes of the file's text; undefined where the file is not there. What it throws, and what keeps the
   * file from being read, goes to `warn` and counts as not there.
   */
  get<T>(path: string, parse: (text: string) => T, warn: (message: string) => void): T | undefined {
    const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (stats?.isFile() !== true) return undefined;
    const stamp = `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
    const known = this.#read.get(path);
    if (known?.stamp === stamp) return known.value as T;
    const value =
      stats.size > largest ? undefined : tryTo(() => parse(readFileSync(path, 'utf8')), path, warn);
    if (stats.size > largest) warn(`${path} is not read: it has ${stats.size} bytes`);
    this.#read.set(path, { stamp, value });
    return value;
  }
}

/** No configuration that a person keeps is longer. */
const largest = 4 << 20;

function tryTo<T>(read: () => T, path: string, warn: (message: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    warn(`${path} cannot be understood: ${why}`);
    return undefined;
  }
}
