import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

/**
 * Runs a bundle as `require` would, with what V8 made of it in an earlier process. Node's own compile cache is filled
 * before anything has run, so it lacks nearly every function; compiling those again was a third of a short run. Here it
 * is filled at the end of the first run, with what that has used.
 *
 * `folder`: private to the user, because what is in it gets executed; `use`: names the file there, one for each use that
 * needs other functions.
 */
export function loadCompiled(file: string, folder: string, use: string): void {
  // Bundles are ASCII, see scripts/build.mjs.
  const source = readFileSync(file, 'latin1');
  const kept = join(folder, `${use}-${process.version}-${process.arch}`);
  const id = Buffer.from(buildOf(source), 'latin1');
  const cachedData = keptCode(kept, id);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData && { cachedData }),
  });
  if (script.cachedDataRejected !== false) {
    process.once('exit', () => keep(kept, () => Buffer.concat([id, script.createCachedData()])));
  }
  const own = { exports: {} };
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run(own.exports, module.createRequire(file), own, file, dirname(file));
}

/** The last line of a bundle tells its build: V8 itself compares nothing but the length of the source. */
function buildOf(source: string): string {
  return source.slice(-buildLength);
}

/** SHA-256 in hexadecimal, and the end of the line. */
const buildLength = 65;

function keptCode(path: string, id: Buffer): Buffer | undefined {
  try {
    const kept = readFileSync(path);
    return kept.subarray(0, id.length).equals(id) ? kept.subarray(id.length) : undefined;
  } catch {
    return undefined; // It is the first start, or the file cannot be read: then it only takes longer.
  }
}

/** Whole or not at all. Where it cannot be written, the next start takes as long as this one. */
function keep(path: string, content: () => Buffer): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, content(), { mode: 0o600, flag: 'wx' });
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
  }
}
