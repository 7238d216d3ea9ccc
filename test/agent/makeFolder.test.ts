import assert from 'node:assert/strict';
import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { makeFolder } from '../../agent/makeFolder';
import { temporaryFolder } from '../support/temporaryFolder';

describe('makeFolder', () => {
  it('makes what is missing, closed to others, and is content with what is there', async () => {
    await using place = await temporaryFolder('make');
    const path = join(place.path, 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    for (const folder of [path, join(place.path, 'a')]) assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it('goes through links to folders', async () => {
    await using place = await temporaryFolder('make');
    symlinkSync(place.path, join(place.path, 'link'));
    makeFolder(join(place.path, 'link', 'a'));
    assert.ok(existsSync(join(place.path, 'a')));
  });

  const refusals: readonly (readonly [where: string, path: readonly string[], code: string])[] = [
    ['it would stand below a file', ['file', 'a', 'b'], 'ENOTDIR'],
    ['a file is in its place', ['file'], 'ENOTDIR'],
    ['a link to nowhere is in its place', ['nowhere'], 'EEXIST'],
  ];
  for (const [where, path, code] of refusals) {
    it(`fails where ${where}`, async () => {
      await using place = await temporaryFolder('make');
      writeFileSync(join(place.path, 'file'), '');
      symlinkSync(join(place.path, 'gone'), join(place.path, 'nowhere'));
      assert.throws(() => makeFolder(join(place.path, ...path)), { code });
    });
  }

  it('does not try for ever where the system holds no folders', function () {
    if (process.platform !== 'linux') this.skip();
    this.timeout(30_000);
    const module = pathToFileURL(join(__dirname, '../../agent/makeFolder.ts')).href;
    const script = `import(${JSON.stringify(module)}).then(m => m.makeFolder('/proc/nope/a')).catch(e => console.log(e.code))`;
    const child = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], { timeout: 20_000 });
    assert.equal(child.signal, null);
    assert.match(child.stdout.toString(), /^E(NOENT|ACCES|PERM|ROFS)\n$/);
  });
});
