import * as assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Place, runbook } from './handrail';

describe('the start of handrail', () => {
  const compiled = async (place: Place, use: string): Promise<string> => {
    const folder = join(place.path, 'home', 'cache');
    const found = (await readdir(folder)).find(name => name.startsWith(`${use}-`));
    assert.ok(found !== undefined, `${use} in ${(await readdir(folder)).join(' ')}`);
    return join(folder, found);
  };
  const runs = async (place: Place): Promise<void> => {
    const { code, stdout, stderr } = await place.run(['run', 'a.md']);
    assert.deepEqual([code, stderr.includes('1 of 1 step run')], [0, true], stdout + stderr);
  };

  it('keeps what was compiled, for its user alone, and takes it again', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'true' }) });
    await runs(place);
    const path = await compiled(place, 'run');
    const first = await stat(path);
    assert.equal(first.mode & 0o777, 0o600);
    await runs(place);
    const second = await stat(path);
    assert.deepEqual([second.ino, second.mtimeMs], [first.ino, first.mtimeMs]);
    await place.run(['-V']);
    await compiled(place, 'other');
  });

  const wrongs: [string, (kept: Buffer) => Buffer][] = [
    ['is of another build', kept => Buffer.concat([Buffer.alloc(65, 'x'), kept.subarray(65)])],
    ['was cut off', kept => kept.subarray(0, 1000)],
    ['is empty', () => Buffer.alloc(0)],
    ['is of another V8', kept => Buffer.concat([kept.subarray(0, 65), Buffer.alloc(64), kept.subarray(129)])],
  ];
  for (const [what, change] of wrongs) {
    it(`goes on where what was kept ${what}, and replaces it`, async () => {
      await using place = await Place.make({ 'a.md': runbook({ a: 'true' }) });
      await runs(place);
      const path = await compiled(place, 'run');
      const kept = await readFile(path);
      await writeFile(path, change(kept));
      await runs(place);
      assert.deepEqual((await readFile(path)).subarray(0, 65), kept.subarray(0, 65));
      assert.ok((await stat(path)).size > kept.length / 2);
    });
  }

  it('goes on where nothing can be kept', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'true' }) });
    await mkdir(join(place.path, 'home'), { mode: 0o700 });
    await writeFile(join(place.path, 'home', 'cache'), 'a file');
    await runs(place);
  });
});
