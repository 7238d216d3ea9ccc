import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, copyFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { probe } from './probing';

describe('a check of type log', function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  beforeEach(async () => {
    folder = await temporaryFolder('log');
    path = join(folder.path, 'app.log');
  });
  afterEach(() => folder[Symbol.asyncDispose]());
  const look = (more: object = {}) =>
    probe({ type: 'log', log: 'app.log', pattern: 'ERROR|panic', ...more }, folder.path);
  const count = async (more: object = {}) => (await look(more)).values['count'];

  it('is up without a line that matches, and down with one', async () => {
    await writeFile(path, 'all is well\n');
    assert.equal((await look()).state, 'up');
    await appendFile(path, 'an ERROR\nmore\n');
    const { state, message, values } = await look();
    assert.deepEqual([state, message, values['line']], ['down', 'count was 1, wanted 0', 'an ERROR']);
    // A line is not counted again.
    assert.equal(await count(), 1);
  });

  it('is down without a line that has to come', async () => {
    await writeFile(path, '');
    const wanted = { pattern: 'backup done', up: 'count > 0 && age < duration("1h")' };
    assert.equal((await look(wanted)).state, 'down');
    await appendFile(path, 'backup done\n');
    assert.equal((await look(wanted)).state, 'up');
  });

  it('counts only lines within the time', async () => {
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await writeFile(path, `${ago(60)} ERROR one\n${ago(2)} ERROR two\n    at panic()\n`);
    assert.equal(await count(), 2);
    assert.equal(await count({ within: '2h' }), 3);
    assert.equal(await count({ within: '1m' }), 0);
    await writeFile(path, '');
  });

  it('counts nothing of before that has no time, and says so', async () => {
    await writeFile(path, 'ERROR of whenever\n');
    const { state, values } = await look();
    assert.deepEqual([state, values['count'], values['untimed']], ['up', 0, 1]);
  });

  const changes: [string, () => Promise<unknown>][] = [
    [
      'is moved away and made anew',
      () => rename(path, `${path}.1`).then(() => writeFile(path, 'ERROR new\n')),
    ],
    [
      'is copied and emptied',
      () =>
        copyFile(path, `${path}.1`)
          .then(() => truncate(path))
          .then(() => appendFile(path, 'ERROR new\n')),
    ],
    [
      'is emptied and has grown further than it was',
      () => writeFile(path, `${'x'.repeat(5000)}\nERROR new\n`),
    ],
  ];
  for (const [what, change] of changes) {
    it(`goes on where a file ${what}`, async () => {
      await writeFile(path, 'one\ntwo\n');
      assert.equal(await count(), 0);
      await change();
      assert.equal(await count(), 1);
      await appendFile(path, 'ERROR again\n');
      assert.equal(await count(), 2);
    });
  }

  it('reads the end of a file that was moved away', async () => {
    await writeFile(path, 'one\n');
    await count();
    await appendFile(path, 'ERROR last words\n');
    await rename(path, `${path}-20261123`);
    await writeFile(path, 'ERROR first words\n');
    const { values } = await look();
    assert.deepEqual(values['lines'], ['ERROR last words', 'ERROR first words']);
  });

  it('waits for the end of a line, and takes one apart that is cut in a character', async () => {
    await writeFile(path, '');
    await count({ pattern: 'größe$' });
    const bytes = Buffer.from('größe');
    await appendFile(path, bytes.subarray(0, 3));
    assert.equal(await count({ pattern: 'größe$' }), 0);
    await appendFile(path, Buffer.concat([bytes.subarray(3), Buffer.from('\r\n')]));
    assert.equal(await count({ pattern: 'größe$' }), 1);
  });

  it('passes over what is too much, and says how much', async () => {
    await writeFile(path, '');
    await count();
    await appendFile(
      path,
      Buffer.concat([Buffer.from('ERROR\n'), Buffer.alloc(17 * 2 ** 20, 'x\n'), Buffer.from('ERROR\n')]),
    );
    const { values } = await look();
    assert.deepEqual([values['count'], Number(values['skipped']) > 1_000_000], [1, true]);
  });

  it('takes no time for a pattern that would take for ever elsewhere', async () => {
    await writeFile(path, '');
    await count({ pattern: '(a+)+$' });
    await appendFile(path, `${'a'.repeat(10_000)}b\n`);
    assert.equal(await count({ pattern: '(a+)+$' }), 0);
  });

  it('is down where the file is not there, and unknown where it is a pipe', async () => {
    const gone = await look();
    assert.deepEqual([gone.state, gone.message], ['down', 'app.log is not there']);
    execFileSync('mkfifo', [path]);
    const pipe = await look();
    assert.deepEqual([pipe.state, /no regular file/.test(pipe.message)], ['unknown', true]);
  });
});
