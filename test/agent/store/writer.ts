// A process of its own that records a run, and reports only what is on disk. Usage: writer FOLDER ID TIMES
import { writeSync } from 'node:fs';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import { sampleRun, sampleStep } from './sampleRun';

const [folder = '', id = '', times = ''] = process.argv.slice(2);
const store = openStore(folder);
const step = sampleStep(0, { state: 'running' });
store.create(sampleRun(id, 1, { steps: [step] }), thisHost());
const output = store.openOutput(id, 0);
for (let seq = 1; !(seq > Number(times)); seq++) {
  output.append('stdout', Buffer.alloc(1 + ((seq * 7919) % 5000), 'x'), Date.now());
  store.update(sampleRun(id, 1, { seq, steps: [step] }), [step]);
  say(`${JSON.stringify({ seq, output: output.seq })}\n`);
}
output.close();
store.close();

/** Whoever listens may be slow, and Node leaves a full pipe to its writer. */
function say(line: string): void {
  for (let rest = Buffer.from(line); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
