import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularFile } from '../../agent/readRegularFile';
import { temporaryFolder } from '../support/temporaryFolder';

describe('reading a file that somebody else names', () => {
  it('gives what is in it', async () => {
    await using folder = await temporaryFolder('regular');
    await writeFile(join(folder.path, 'a'), 'text');
    assert.equal(readRegularFile(join(folder.path, 'a')).toString(), 'text');
  });

  it('waits for no pipe, reads no device, no folder and nothing endless', async () => {
    await using folder = await temporaryFolder('regular');
    const [pipe, long, inner] = ['pipe', 'long', 'inner'].map(name => join(folder.path, name));
    assert.ok(pipe && long && inner);
    execFileSync('mkfifo', [pipe]);
    await writeFile(long, '');
    await truncate(long, 65 * 2 ** 20);
    await mkdir(inner);
    const rows: readonly (readonly [path: string, code: string])[] = [
      [pipe, 'ENOTFILE'],
      ['/dev/zero', 'ENOTFILE'],
      [long, 'EFBIG'],
      [inner, 'EISDIR'],
      [join(folder.path, 'nowhere'), 'ENOENT'],
    ];
    for (const [path, code] of rows) assert.throws(() => readRegularFile(path), { code }, path);
  });
});
