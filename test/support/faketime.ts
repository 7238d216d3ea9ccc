import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { installDebianPackages } from './debianPackages';
import type { RealSystem } from './realSystem';

/** The library that shows programs another time; its path is for LD_PRELOAD. https://github.com/wolfcw/libfaketime */
export const faketime: RealSystem = {
  name: 'libfaketime',
  async find() {
    for (const folder of ['/usr/lib', '/usr/local/lib']) {
      for (const name of await readdir(folder).catch(() => [])) {
        const path = join(folder, name, 'faketime', 'libfaketimeMT.so.1');
        if (existsSync(path)) return path;
      }
    }
    return undefined;
  },
  install: () => installDebianPackages('libfaketime', ['libfaketime']),
};
