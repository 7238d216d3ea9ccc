import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../../agent/engine/clock';
import { createRuns } from '../../../../agent/engine/runs';
import type { RunRequest, Runs } from '../../../../agent/engine/types';
import type { SessionFactory } from '../../../../agent/executors/executor';
import { detachedMark } from '../../../../agent/detachedMark';
import { endDetached } from '../../../../agent/executors/endDetached';
import { createSessionFactory } from '../../../../agent/executors/sessions';
import { findMarked, startTimeOf } from '../../../../agent/processTable';
import type { RunRecord } from '../../../../agent/protocol/runs';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openLocks } from '../../../../agent/store/locks';
import { openStore } from '../../../../agent/store/openStore';
import type { Locks, RunStore } from '../../../../agent/store/types';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { says, silent, stepThat } from './runFixture';
import { cells, sampleRequest } from '../sampleRequest';

describe('a run of real cells', function () {
  this.timeout(30_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;
  let locks: Locks;
  let sessions: SessionFactory;
  let runs: Runs;
  const bugs: unknown[] = [];

  before(async () => {
    folder = await temporaryFolder('handrail-whole');
    store = openStore(join(folder.path, 'data'));
    locks = openLocks(join(folder.path, 'data'));
    sessions = createSessionFactory({ folder: join(folder.path, 'run'), hostId: randomUUID() });
    const report = (error: unknown): void => void bugs.push(error);
    const host = thisHost();
    runs = createRuns({ store, locks, sessions, clock: systemClock, host, report });
  });

  after(async () => {
    await runs.close();
    await sessions.close();
    locks.close();
    store.close();
    await folder[Symbol.asyncDispose]();
    assert.deepEqual(bugs, []);
  });

  const request = (text: string, change: Partial<RunRequest> = {}): RunRequest =>
    sampleRequest(text, { file: join(folder.path, 'x.runbook.md'), ...change });
  const run = (text: string, change: Partial<RunRequest> = {}): Promise<RunRecord> =>
    runs.start(request(text, change), silent).ended;
  const output = (record: RunRecord, step: number): string =>
    Buffer.concat(store.readOutput(record.id, step, 0, 1e9).chunks.map(({ bytes }) => bytes)).toString();
  const passed = (record: RunRecord): void =>
    assert.equal(record.state, 'passed', JSON.stringify([record.message, record.steps]));

  it('hands variables from language to language', async () => {
    const python = [
      '```python {name=b}',
      'import os',
      'with open(os.environ["HANDRAIL_OUTPUT"], "a") as file:',
      '    print("LATER<<END\\n" + os.environ["GREETING"].upper() + "\\nEND", file=file)',
      '```\n',
    ].join('\n');
    const first = cells({ 'a output=GREETING': 'echo "it\'s"; printf "two  \\n\\n\\n"' });
    const last = cells({ c: 'printf "[%s]" "$LATER" "$GREETING"; cat "$GREETING_FILE"' });
    const ended = await run(`${first}\n${python}\n${last}`);
    passed(ended);
    assert.equal(output(ended, 2), "[IT'S\nTWO  ][it's\ntwo  ]it's\ntwo  \n\n\n");
  });

  it('keeps a flood that was to be a variable in a file', async () => {
    const ended = await run(
      cells({
        'a output=BIG': 'head -c 3000000 /dev/zero | tr "\\0" x',
        b: 'echo "${BIG-unset}"; wc -c < "$BIG_FILE"',
      }),
    );
    passed(ended);
    assert.equal(output(ended, 1).replaceAll(' ', ''), 'unset\n3000000\n');
    const path = ended.steps[0]?.outputs?.['BIG_FILE'] ?? assert.fail();
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('runs a group at the same time, each in a copy of the session', async () => {
    const ready = join(folder.path, 'ready');
    // Each waits for the other: one after another they would never end.
    const meet = (own: string, other: string): string =>
      `: > ${ready}-${own}; until [ -e ${ready}-${other} ]; do sleep 0.01; done; echo "$X"; X=${own}`;
    const texts = {
      s: 'X=0',
      'a parallel=g timeout=10s': meet('a', 'b'),
      'b parallel=g timeout=10s': meet('b', 'a'),
      c: 'echo "$X"',
    };
    const ended = await run(cells(texts));
    passed(ended);
    assert.deepEqual(
      [1, 2, 3].map(step => output(ended, step)),
      ['0\n', '0\n', '0\n'],
    );
  });

  it('starts a server beside the others and ends all of it', async () => {
    const up = join(folder.path, 'up');
    const server = `trap 'echo bye; exit 0' INT TERM; sleep 0.2; echo $$ > ${up}; echo up; while :; do sleep 0.05; done`;
    const ended = await run(
      cells({
        [`a background ready="test -s ${up}" tty=never`]: server,
        b: `kill -0 $(cat ${up}) && echo alive`,
      }),
    );
    passed(ended);
    assert.equal(output(ended, 1), 'alive\n');
    assert.match(output(ended, 0), /^up\n/);
    assert.equal(ended.steps[0]?.background, 'ended');
    const pid = Number(readFileSync(up, 'utf8'));
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });

  it('ends what never becomes ready', async () => {
    const up = join(folder.path, 'never');
    const ended = await run(
      cells({ 'a background ready=false timeout=400ms': `echo $$ > ${up}; sleep 1000` }),
    );
    assert.equal(says(ended), 'failed a:failed');
    assert.match(ended.steps[0]?.message ?? '', /not ready within 0.4 s/);
    const pid = Number(readFileSync(up, 'utf8'));
    await waitFor('its end', () => !existsSync(`/proc/${pid}`));
  });

  it('leaves a detached cell running, lists it, and can stop it', async () => {
    const file = join(folder.path, 'beat');
    const beat = `echo began; while :; do echo x >> ${file}; sleep 0.05; done`;
    const ended = await run(cells({ [`a background=detach ready="test -s ${file}"`]: beat }));
    passed(ended);
    const [detached] = store.detached.list();
    assert.deepEqual(
      [ended.steps[0]?.background, detached?.run, detached?.name],
      ['detached', ended.id, 'a'],
    );
    const size = statSync(file).size;
    await waitFor('it to go on', () => statSync(file).size > size);
    await waitFor('its log', () => readFileSync(detached?.log ?? '', 'utf8').startsWith('began'));
    const { pid, startTime } = detached ?? assert.fail();
    await endDetached({ pid, startTime, mark: detachedMark(ended.id, 0) });
    assert.equal(startTimeOf(pid), undefined);
    assert.deepEqual(store.detached.list(), []);
    assert.equal(store.find(ended.id)?.steps[0]?.background, 'ended');
  });

  for (const kind of ['background', 'background=detach']) {
    it(`ends each try of a ${kind} cell before the next`, async () => {
      const tries = join(folder.path, `tries-${kind}`);
      // While the try before still lived, the next one would be ready at once.
      const ready = `test -s ${tries} && kill -0 $(tail -n1 ${tries})`;
      const verify = `test $(wc -l <${tries}) -ge 3`;
      const head = `a ${kind} ready="${ready}" verify="${verify}" retries=2 retry-delay=10ms`;
      const ended = await run(cells({ [head]: `echo $$ >>${tries}; sleep 1000` }));
      passed(ended);
      assert.equal(ended.steps[0]?.attempt, 3);
      const pids = readFileSync(tries, 'utf8').trim().split('\n').map(Number);
      const alive = pids.filter(pid => startTimeOf(pid) !== undefined);
      assert.deepEqual(alive, kind === 'background' ? [] : pids.slice(2));
      for (const step of store.detached.list())
        await endDetached({ ...step, mark: detachedMark(step.run, step.step) });
      assert.equal(findMarked(detachedMark(ended.id, 0)), undefined);
    });
  }

  it('lets two runs of one runbook go on at once, but not within one lock', async () => {
    const log = join(folder.path, 'log');
    const text = cells({ 'a lock=shared': `echo in >> ${log}; sleep 0.3; echo out >> ${log}` });
    const both = await Promise.all([run(text), run(text)]);
    both.forEach(passed);
    assert.equal(readFileSync(log, 'utf8'), 'in\nout\nin\nout\n');
  });

  it('undoes in reverse order with the variables of the session', async () => {
    const text = cells({
      'a rollback=u': 'A=1',
      'b rollback=v': 'A=2',
      c: 'A=3; false',
      u: 'echo "u $A"',
      v: 'echo "v $A"; A=4',
    });
    const ended = await run(text, { rollback: true });
    assert.equal(says(ended), 'failed a:passed b:passed c:failed u:passed v:passed');
    assert.deepEqual([output(ended, 4), output(ended, 3)], ['v 3\n', 'u 4\n']);
  });

  it('is resumed by another process’s runs where it was started by these, with its state', async () => {
    const flag = join(folder.path, 'flag');
    const text = cells({
      a: 'cd /usr; export X="a b"; f() { echo "f $1"; }; Y=(1 2)',
      b: `Y=broken; test -e ${flag}`,
      c: 'f "$X" && pwd && echo ${Y[1]}',
    });
    const first = await run(text, { session: 'kept', by: 'editor' });
    assert.equal(says(first), 'failed a:passed b:failed c:not-run');
    const others = createSessionFactory({ folder: join(folder.path, 'other'), hostId: randomUUID() });
    const elsewhere = createRuns({ store, sessions: others, clock: systemClock, host: thisHost() });
    try {
      const fixed = text.replace('Y=broken; ', '').replace(`test -e ${flag}`, 'true');
      const continues = { run: first.id, how: 'resume' } as const;
      const second = await elsewhere.start(request(fixed, { continues }), silent).ended;
      assert.equal(says(second), 'passed a:skipped b:passed c:passed');
      assert.equal(output(second, 2), 'f a b\n/usr\n2\n');
    } finally {
      await elsewhere.close();
      await others.close();
      rmSync(flag, { force: true });
    }
  });

  it('takes input in the terminal of a background cell', async () => {
    const active = runs.start(
      request(cells({ 'a background': 'read -r line; echo "got $line"; read -r line' }), { attended: true }),
      silent,
    );
    await stepThat(active, 'a', ({ background }) => background === 'running');
    active.write(0, Buffer.from('hello\n'));
    await waitFor('the answer', () => output(active.record, 0).includes('got hello'));
    active.cancel();
    passed(await active.ended);
  });
});
