// A process of its own that takes a lock many times, and fails where another one has it as well.
// Usage: locker FOLDER FILE TIMES
import { readFileSync, writeFileSync } from 'node:fs';
import { thisHost } from '../../../agent/store/hostProcess';
import { openLocks } from '../../../agent/store/locks';

const [folder = '', file = '', times = ''] = process.argv.slice(2);
const locks = openLocks(folder);
const holder = { run: 'r', file, step: 's', user: 'u', since: 0, host: thisHost() };
for (let n = 0; n < Number(times);) {
  const taken = locks.take('x', holder);
  if (!('release' in taken)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    continue;
  }
  writeFileSync(file, String(process.pid));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  if (readFileSync(file, 'utf8') !== String(process.pid)) throw new Error('somebody else has it, too');
  taken.release();
  n += 1;
}
locks.close();
