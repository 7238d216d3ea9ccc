import { createGuardian } from '../../../agent/executors/process/guardian';

// A process with a guardian: guardedProcess.ts MARKER FOLDER CALLS. CALLS: JSON of [method, …arguments] of the guardian.
const [marker = '', folder = '', calls = '[]'] = process.argv.slice(2);
const guardian = createGuardian(marker, folder);
for (const [method, group, members] of JSON.parse(calls) as ['left', number, []][])
  guardian[method](group, members);
process.stdin.resume();
setImmediate(() => process.stdout.write('READY\n'));
