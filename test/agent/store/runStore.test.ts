import assert from 'node:assert/strict';
import { isHostAlive, thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { RunStore } from '../../../agent/store/types';
import { HandrailError } from '../../../agent/protocol/errors';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goneHost, sampleRun, sampleStep } from './sampleRun';

describe('the store of runs', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-store');
    store = openStore(folder.path);
  });

  afterEach(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  const add = (id: string, change: Parameters<typeof sampleRun>[2] = {}, steps = 2): void =>
    store.create(sampleRun(id, steps, change), thisHost());

  it('gives back what was put in, also after it was opened again', () => {
    const run = sampleRun('8f3a00000001', 2, { commit: 'abc', dirty: false });
    store.create(run, thisHost());
    assert.deepEqual(store.find('8f3a00000001'), run);
    const failed = sampleStep(0, {
      key: { name: 'named', section: '', hash: 'h', ordinal: 1, index: 0 },
      state: 'failed',
      attempt: 3,
      startedAt: 1,
      endedAt: 2,
      reason: 'signal',
      exit: 137,
      signal: 'SIGKILL',
      message: 'it did\nnot work “ü”',
      failedLine: 12,
      tty: true,
      outputSeq: 4,
      outputBytes: 77,
    });
    const changed = {
      ...run,
      state: 'failed' as const,
      seq: 9,
      endedAt: 5,
      step: 'step-0',
      steps: [failed, sampleStep(1)],
    };
    store.update(changed, [failed]);
    store.close();
    store = openStore(folder.path);
    // What never changes is as it was created.
    assert.deepEqual(store.find('last'), {
      ...changed,
      steps: [{ ...failed, key: sampleStep(0).key }, sampleStep(1)],
    });
  });

  it('finds runs by id, unique prefix and last', () => {
    add('8f3a00000001');
    add('8f3b00000001');
    assert.equal(store.find('8f3a')?.id, '8f3a00000001');
    assert.equal(store.find('last')?.id, '8f3b00000001');
    for (const none of ['9', '', '%', 'x', "8f3a' OR 1"]) assert.equal(store.find(none), undefined, none);
    assert.throws(
      () => store.find('8f3'),
      (error: unknown) =>
        error instanceof HandrailError && error.code === 'notFound' && /8f3a.*8f3b/.test(error.message),
    );
  });

  it('lists newest first, in pages, by file and by state, whatever the clock said', () => {
    add('01', { startedAt: 3000 });
    add('02', { startedAt: 2000, file: '/other.md' });
    add('03', { startedAt: 1000, state: 'passed' });
    const ids = (query: Parameters<RunStore['list']>[0]): string[] =>
      store.list(query).runs.map(({ id }) => id);
    assert.deepEqual(ids({ limit: 10 }), ['03', '02', '01']);
    assert.deepEqual(ids({ limit: 10, before: '02' }), ['01']);
    assert.deepEqual(ids({ limit: 10, file: '/other.md' }), ['02']);
    assert.deepEqual(ids({ limit: 10, state: 'passed' }), ['03']);
    assert.deepEqual(ids({ limit: 2 }), ['03', '02']);
    assert.equal(store.list({ limit: 2 }).more, true);
    assert.equal(store.list({ limit: 3 }).more, false);
  });

  it('tells the last step of each cell of a file', () => {
    const named = sampleStep(0, { key: { name: 'a', section: 'X', hash: '1', ordinal: 0, index: 0 } });
    add('01', { steps: [named, sampleStep(1)] });
    add('02', { steps: [{ ...named, key: { ...named.key, hash: '2' } }], stepsTotal: 1 });
    add('03', { file: '/other.md', steps: [named] });
    const found = store
      .lastSteps('/books/deploy.md')
      .map(({ run, step }) => [run, step.index, step.key.hash]);
    assert.deepEqual(found, [
      ['02', 0, '2'],
      ['01', 1, 'hash-1'],
    ]);
  });

  it('interrupts the runs of processes that are gone, once, and tells their output from the disk', () => {
    const going = sampleStep(1, { state: 'running', attempt: 1, startedAt: 5 });
    const steps = [sampleStep(0, { state: 'passed' }), going, sampleStep(2)];
    store.create(sampleRun('01', 3, { steps }), goneHost);
    add('02');
    const output = store.openOutput('01', 1);
    output.append('stdout', Buffer.from('half'), 1);
    output.append('stderr', Buffer.from(' of it'), 2);
    output.close();
    const [run, ...others] = store.interruptAbandoned(isHostAlive);
    assert.deepEqual(others, []);
    assert.equal(run?.state, 'interrupted');
    assert.deepEqual(
      run.steps.map(({ state, outputSeq, outputBytes }) => [state, outputSeq, outputBytes]),
      [
        ['passed', 0, 0],
        ['interrupted', 2, 10],
        ['not-run', 0, 0],
      ],
    );
    assert.deepEqual(store.find('01'), run);
    assert.equal(store.find('02')?.state, 'running');
    assert.deepEqual(store.interruptAbandoned(isHostAlive), []);
  });

  it('tells nobody that a run goes on whose process is gone', () => {
    store.create(sampleRun('01'), goneHost);
    assert.equal(store.list({ limit: 1 }).runs[0]?.state, 'interrupted');
  });

  it('tells a process from another one that got its pid', () => {
    assert.equal(isHostAlive(thisHost()), true);
    assert.equal(isHostAlive({ ...thisHost(), startTime: '12' }), process.platform === 'win32');
    assert.equal(isHostAlive(goneHost), false);
  });

  it('lets two connections write at the same time', () => {
    const other = openStore(folder.path);
    for (let n = 10; n < 60; n++) {
      (n % 2 ? store : other).create(sampleRun(String(n)), thisHost());
      (n % 2 ? other : store).update(sampleRun(String(n), 2, { seq: n }), [sampleStep(0, { attempt: n })]);
    }
    assert.equal(store.list({ limit: 100 }).runs.length, 50);
    assert.equal(other.find('33')?.steps[0]?.attempt, 33);
    other.close();
  });

  it('makes room by removing the oldest ended runs with their output', () => {
    const steps = [sampleStep(0, { outputBytes: 600 })];
    for (const id of ['01', '02', '03']) {
      add(id, { state: id === '01' ? 'running' : 'passed', steps });
      const output = store.openOutput(id, 0);
      output.append('stdout', Buffer.alloc(600), 1);
      output.close();
    }
    store.close();
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const db = new DatabaseSync(`${folder.path}/history.db`);
    db.exec('DELETE FROM notes');
    db.close();
    store = openStore(folder.path, { retention: 1300 });
    assert.deepEqual(
      store.list({ limit: 9 }).runs.map(({ id }) => id),
      ['03', '01'],
    );
    assert.equal(store.readOutput('02', 0, 0, 9).chunks.length, 0);
    assert.equal(store.readOutput('01', 0, 0, 9).chunks.length, 1);
  });
});
