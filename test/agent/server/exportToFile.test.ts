import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportToFile } from '../../../agent/server/exportToFile';
import { temporaryFolder } from '../../support/temporaryFolder';

const nothing = { chunks: [], seq: 0, cutBytes: 0, more: false };

describe('exportToFile', () => {
  it('leaves nothing where the output cannot be read to its end', async () => {
    await using folder = await temporaryFolder('handrail-export');
    let pages = 0;
    const read = () => {
      if (++pages > 1) throw new Error('the disk is gone');
      return { ...nothing, more: true };
    };
    await assert.rejects(exportToFile(folder.path, 'a', read), /the disk is gone/);
    assert.deepEqual(readdirSync(folder.path), []);
  });

  it('says that it cannot be written', async () => {
    await using folder = await temporaryFolder('handrail-export');
    mkdirSync(join(folder.path, 'a.txt'));
    await assert.rejects(
      exportToFile(folder.path, 'a', () => nothing),
      { code: 'store' },
    );
    assert.deepEqual(readdirSync(folder.path), ['a.txt']);
  });

  it('keeps the newest, and what another one is writing', async () => {
    await using folder = await temporaryFolder('handrail-export');
    const add = (name: string, secondsAgo: number): void => {
      writeFileSync(join(folder.path, name), '');
      const time = Date.now() / 1000 - secondsAgo;
      utimesSync(join(folder.path, name), time, time);
    };
    for (let n = 10; n < 40; n++) add(`${n}.txt`, n);
    add('written.txt.1.part', 600);
    add('killed.txt.2.part', 36_000);
    await exportToFile(folder.path, 'new', () => nothing);
    const kept = Array.from({ length: 19 }, (_, at) => `${10 + at}.txt`);
    assert.deepEqual(readdirSync(folder.path).sort(), [...kept, 'new.txt', 'written.txt.1.part']);
  });
});
