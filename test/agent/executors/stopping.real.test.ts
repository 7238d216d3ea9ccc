import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness, environment, type Harness, until } from './harness';

/** Cells that make it hard to end them; each prints READY when it is set up. */
const stubborn: Record<string, string> = {
  'that waits': 'echo READY; sleep 301',
  'that ignores SIGINT': "trap '' INT; echo READY; sleep 302",
  'that ignores SIGINT and SIGTERM': "trap '' INT TERM; echo READY; while :; do sleep 303; done",
  'with a background process': 'sleep 304 & sleep 305 & echo READY; wait',
  'that daemonises': "setsid sh -c 'sleep 306 & sleep 307' >/dev/null 2>&1 & echo READY; sleep 308",
  'with a child that hides its environment': 'env -i setsid sleep 309 & echo READY; sleep 310',
  'that closes its output': 'echo READY; exec >&- 2>&-; sleep 311',
};

describe('stopping a cell', () => {
  let harness: Harness;
  beforeEach(async () => void (harness = await createHarness()));
  afterEach(() => harness.close());

  for (const terminal of [undefined, { columns: 80, rows: 24 }]) {
    for (const [what, text] of Object.entries(stubborn)) {
      it(`ends one ${what}${terminal === undefined ? '' : ', on a terminal'}`, async () => {
        const outcome = await harness.run({ text, terminal }, (execution, printed) => {
          void until(() => printed().includes('READY')).then(() => execution.stop('cancel'));
        });
        assert.equal(outcome.ending.reason, 'cancel');
        assert.deepEqual(await marked(harness.hostId), []);
        assert.deepEqual(await sleeping('30[1-9]|31[01]'), []);
      });
    }
  }

  it('goes to the next step when asked again', async () => {
    const patient = await createHarness();
    const started = Date.now();
    await patient.run({ text: stubborn['that ignores SIGINT and SIGTERM'] ?? '' }, (execution, printed) => {
      void until(() => printed().includes('READY')).then(() => {
        for (let i = 0; i < 3; i++) execution.stop('timeout');
      });
    });
    assert.ok(Date.now() - started < 5000);
    await patient.close();
  });

  it('keeps the first reason', async () => {
    const outcome = await harness.run({ text: stubborn['that waits'] ?? '' }, (execution, printed) => {
      void until(() => printed().includes('READY')).then(() => {
        execution.stop('timeout');
        execution.stop('cancel');
      });
    });
    assert.equal(outcome.ending.reason, 'timeout');
  });

  it('leaves what earlier cells left running', async () => {
    await harness.run({ text: 'sleep 321 >/dev/null 2>&1 &' });
    await harness.run({ text: 'echo READY; sleep 322' }, (execution, printed) => {
      void until(() => printed().includes('READY')).then(() => execution.stop('cancel'));
    });
    assert.deepEqual(
      (await harness.session.processes()).map(({ command }) => command),
      ['sleep 321'],
    );
    await harness.session.close();
    assert.deepEqual(await harness.session.processes(), []);
  });
});

describe('what a cell leaves behind', () => {
  let harness: Harness;
  beforeEach(async () => void (harness = await createHarness()));
  afterEach(() => harness.close());

  for (const terminal of [undefined, { columns: 80, rows: 24 }]) {
    it(`does not keep the step from ending, and lives on${terminal === undefined ? '' : ', on a terminal'}`, async () => {
      const started = Date.now();
      const text = '(while :; do echo tick; echo x >>ticks; sleep 0.02; done) & echo $! >pid; echo done';
      const outcome = await harness.run({ text, terminal });
      assert.ok(Date.now() - started < 2000);
      assert.match(outcome.out, /done/);
      const ticks = () => statSync(join(harness.folder, 'ticks')).size;
      const sofar = ticks();
      await until(() => ticks() > sofar + 20);
      const list = await harness.session.processes();
      assert.ok(list.length >= 1, 'it lives');
      assert.equal((await harness.run({ text: 'kill -0 $(cat pid) && echo alive' })).out, 'alive\n');
      await harness.session.close();
      assert.deepEqual(await marked(harness.hostId), []);
    });
  }

  for (const [what, text] of Object.entries({
    'closes its output and goes on': 'echo a; exec >&- 2>&-; for i in 1 2 3; do sleep 0.02; done; exit 4',
    'leaves a daemon that holds its output': "setsid sh -c 'sleep 341 & sleep 342' & echo a; exit 4",
    'forks and goes away': '(sleep 343 & sleep 344 &) ; echo a; exit 4',
  })) {
    it(`does not keep one from ending that ${what}`, async () => {
      const outcome = await harness.run({ text, strict: false });
      assert.deepEqual([outcome.out, outcome.ending.exit], ['a\n', 4]);
      await harness.session.close();
      assert.deepEqual(await sleeping('34[1-4]'), []);
    });
  }

  it('is gone 2 s after its host was killed', async () => {
    const script = new URL('./hostProcess.ts', import.meta.url).pathname;
    const host = spawn(process.execPath, ['--import', 'tsx', script, harness.folder, 'killed-host'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(host.stdout, 'data');
    assert.ok((await marked('killed-host')).length >= 3);
    host.kill('SIGKILL');
    await until(async () => (await marked('killed-host')).length === 0, 2000);
    assert.deepEqual(await sleeping('33[1-9]'), []);
  });
});

/** Processes that carry a host's marker. */
async function marked(hostId: string): Promise<string[]> {
  return lines(`grep -ls 'HANDRAIL_HOST=${hostId}' /proc/[0-9]*/environ | while read f; do
    s=$(cut -d' ' -f3 "\${f%environ}stat" 2>/dev/null); [ "$s" = Z ] || tr '\\0' ' ' <"\${f%environ}cmdline"; echo; done`);
}

async function sleeping(seconds: string): Promise<string[]> {
  return lines(`ps -eo stat=,args= | grep -E '^[^Z].* ?sleep (${seconds})$' | grep -v grep`);
}

async function lines(command: string): Promise<string[]> {
  const shell = spawn('bash', ['-c', command], {
    env: environment('/').env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const parts: Buffer[] = [];
  shell.stdout.on('data', (part: Buffer) => parts.push(part));
  await once(shell, 'close');
  return Buffer.concat(parts)
    .toString()
    .split('\n')
    .filter(line => line.trim() !== '');
}
