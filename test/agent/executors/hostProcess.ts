import { createSessionFactory } from '../../../agent/executors/sessions';
import { environment, runCell } from './harness';

// A process that executes cells until it is killed: hostProcess.ts FOLDER HOST-ID. Says READY when they are under way.
const [folder = '', hostId = ''] = process.argv.slice(2);
const session = createSessionFactory({ folder: `${folder}/host`, hostId }).open(environment(folder));
async function main(): Promise<void> {
  await runCell(session, {
    text: "sleep 331 & setsid sh -c 'sleep 332 & sleep 333' >/dev/null 2>&1 & env -i sleep 334 &",
  });
  await runCell(session, { language: 'python', text: 'x = 1' });
  void runCell(session, { text: "trap '' INT TERM HUP; echo READY; sleep 335" }, (_execution, printed) => {
    const timer = setInterval(() => {
      if (!printed().includes('READY')) return;
      clearInterval(timer);
      process.stdout.write('READY\n');
    }, 10);
  });
}

void main();
