// A process of its own that appends to the audit log. Usage: auditWriter FOLDER NAME TIMES [COPY [CALL SIGNAL]]
// CALL: before which of its calls to the database and the file system it gets the signal, from 0.
import fs from 'node:fs';
import { openStore } from '../../../../agent/store/openStore';

const { DatabaseSync, StatementSync } = process.getBuiltinModule('node:sqlite');
const [folder = '', name = '', times = '', copy = '', call = '-1', signal = ''] = process.argv.slice(2);
const store = openStore(folder, copy === '' ? {} : { auditCopy: copy });

let calls = 0;
for (const [owner, method] of [
  [DatabaseSync.prototype, 'exec'],
  [StatementSync.prototype, 'run'],
  [fs, 'writeSync'],
  [fs, 'fsyncSync'],
  [fs, 'closeSync'],
] as [Record<string, unknown>, string][]) {
  const original = owner[method] as (...args: unknown[]) => unknown;
  owner[method] = function (this: unknown, ...args: unknown[]): unknown {
    if (calls++ === Number(call)) process.kill(process.pid, signal);
    return original.apply(this, args);
  };
}

for (let n = 0; n < Number(times); n++) {
  store.audit.append({ action: 'step.started', actor: name, subject: String(n), details: {} });
}
store.close();
