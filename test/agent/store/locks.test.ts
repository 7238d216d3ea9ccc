import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocks } from '../../../agent/store/locks';
import { thisHost } from '../../../agent/store/hostProcess';
import type { LockHolder, Locks, LockTable } from '../../../agent/store/types';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goneHost } from './sampleRun';

const holder = (run: string, host = thisHost()): LockHolder => ({
  run,
  file: '/books/deploy.md',
  step: 'restart',
  user: 'ana',
  since: 5,
  host,
});

function taken(found: ReturnType<Locks['take']>): { release(): void } {
  assert.ok('release' in found, JSON.stringify(found));
  return found;
}

describe('locks', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let locks: LockTable;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-locks');
    locks = openLocks(folder.path);
  });

  afterEach(async () => {
    locks.close();
    await folder[Symbol.asyncDispose]();
  });

  it('have one holder, whom others hear of', () => {
    const other = openLocks(folder.path);
    const first = taken(locks.take('db', holder('01')));
    assert.deepEqual(other.take('db', holder('02')), { heldBy: holder('01') });
    taken(other.take('web', holder('02')));
    first.release();
    taken(other.take('db', holder('03')));
    other.close();
  });

  it('are listed, and can be taken from a holder that cannot be seen', () => {
    const elsewhere = { pid: 1, startTime: '1~otherboo~7~otherhos' };
    taken(locks.take('db', holder('01', elsewhere)));
    taken(locks.take('gone', holder('02', goneHost)));
    assert.deepEqual(locks.list(), [{ name: 'db', heldBy: holder('01', elsewhere) }]);
    locks.free('db');
    assert.deepEqual(locks.list(), []);
    taken(locks.take('db', holder('03')));
  });

  it('are not released by who had them before', () => {
    const first = taken(locks.take('db', holder('01')));
    first.release();
    taken(locks.take('db', holder('02')));
    first.release();
    assert.ok('heldBy' in locks.take('db', holder('03')));
  });

  it('are free when their holder is dead', () => {
    taken(locks.take('db', holder('01', goneHost)));
    taken(locks.take('db', holder('02')));
  });

  it('have any name', () => {
    for (const name of ['', "x' OR 1", 'k8s:prod/ns/NAME', 'ü\n"']) {
      taken(locks.take(name, holder('01')));
      assert.ok('heldBy' in locks.take(name, holder('02')), name);
    }
  });

  it('begin anew where their file is damaged', () => {
    locks.close();
    writeFileSync(join(folder.path, 'locks.db'), 'this is text, and more than a header. '.repeat(50));
    locks = openLocks(folder.path);
    taken(locks.take('db', holder('01')));
  });

  it('are had by one of several processes at a time', async function () {
    this.timeout(60_000);
    const log = join(folder.path, 'log');
    writeFileSync(log, '');
    const script = join(import.meta.dirname, 'locker.ts');
    const lockers = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['--import', 'tsx', script, folder.path, log, '40'], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(lockers.map(async each => (await once(each, 'exit'))[0] as number));
    assert.deepEqual(codes, [0, 0, 0]);
  });
});
