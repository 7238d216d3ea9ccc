import assert from 'node:assert/strict';
import { isHostAlive, thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { RunStore } from '../../../agent/store/types';
import { HandrailError } from '../../../agent/protocol/errors';
import type { StepRecord } from '../../../agent/protocol/runs';
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

  it('lets no step that was not reached hide the last result of its cell, nor a cell of another runbook', () => {
    const step = sampleStep(0);
    const was = (id: string, change: Partial<StepRecord>): void =>
      add(id, { state: 'failed', steps: [{ ...step, ...change }], stepsTotal: 1 });
    was('01', { state: 'failed', startedAt: 1, endedAt: 2 });
    was('02', { state: 'not-run' });
    was('03', { state: 'skipped', reason: 'guard' });
    was('04', { state: 'cancelled', reason: 'cancel' });
    was('05', { state: 'passed', file: '/books/other.md' });
    const last = (): unknown =>
      store.lastSteps('/books/deploy.md').map(({ run, step: { state, file } }) => [run, state, file]);
    assert.deepEqual(last(), [
      ['05', 'passed', '/books/other.md'],
      ['01', 'failed', undefined],
    ]);
    was('06', { state: 'skipped', reason: 'satisfied' });
    assert.deepEqual(last(), [
      ['06', 'skipped', undefined],
      ['05', 'passed', '/books/other.md'],
    ]);
  });

  it('tells the last step of a cell also where another runbook needed it', () => {
    const step = { ...sampleStep(0), state: 'passed' as const, startedAt: 1, endedAt: 2 };
    add('01', { steps: [step], stepsTotal: 1 });
    const needed = { ...sampleStep(1), key: step.key, file: '/books/deploy.md', state: 'failed' as const };
    add('02', { file: '/books/other.md', steps: [{ ...step, key: needed.key }, needed], stepsTotal: 2 });
    const last = store.lastSteps('/books/deploy.md');
    assert.deepEqual(
      last.map(({ run, step: { index, state, file } }) => [run, index, state, file]),
      [['02', 1, 'failed', undefined]],
    );
  });

  it('tells that a cell was not run where it never was', () => {
    add('01', { state: 'failed', steps: [sampleStep(0, { state: 'not-run' })], stepsTotal: 1 });
    assert.equal(store.lastSteps('/books/deploy.md')[0]?.step.state, 'not-run');
  });

  it('interrupts the runs of processes that are gone, once, and tells their output from the disk', () => {
    const going = sampleStep(1, { state: 'running', attempt: 1, startedAt: 5 });
    const steps = [sampleStep(0, { state: 'passed' }), going, sampleStep(2)];
    store.create(sampleRun('01', 3, { steps }), goneHost);
    add('02');
    const output = store.openOutput('01', 1);
    const printedAt = Date.UTC(2026, 0, 1);
    output.append('stdout', Buffer.from('half'), printedAt - 1000);
    output.append('stderr', Buffer.from(' of it'), printedAt);
    output.close();
    const [run, ...others] = store.interruptAbandoned(isHostAlive);
    assert.deepEqual(others, []);
    assert.equal(run?.state, 'interrupted');
    // Not the time at which somebody looked.
    assert.deepEqual([run.endedAt, run.steps[1]?.endedAt], [printedAt, printedAt]);
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

  describe('makes room', () => {
    const kept = 100_000;

    /** Opens it again, an hour later as it were. */
    function reopen(bytes: number): void {
      store.close();
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
      const db = new DatabaseSync(`${folder.path}/history.db`);
      db.exec('DELETE FROM notes');
      db.close();
      store = openStore(folder.path, {
        retention: { bytes },
        limits: { head: kept / 2, tail: kept / 2, segment: 1000 },
      });
    }

    /** Records a run that prints so many bytes. */
    function record(id: string, printed: number, state: 'passed' | 'running' = 'passed'): void {
      const run = sampleRun(id, 1);
      store.create(run, thisHost());
      const output = store.openOutput(id, 0);
      for (let left = printed; left > 0; left -= 1000) output.append('stdout', Buffer.alloc(1000), 1);
      output.close();
      const step = sampleStep(0, { state, outputBytes: printed, outputSeq: output.seq });
      store.update({ ...run, state, steps: [step] }, [step]);
    }

    const ids = (): string[] => store.list({ limit: 500 }).runs.map(({ id }) => id);
    const cases: readonly [what: string, printed: number[], retention: number, left: string[]][] = [
      ['by removing the oldest ended runs', [60_000, 60_000, 60_000], 100_000, ['12', '10']],
      ['by what is kept, not by what was printed', [0, 50_000, 1_000_000], 250_000, ['12', '11', '10']],
      ['but never of the newest', [1000, 1000, 1_000_000], 50_000, ['12', '10']],
    ];
    for (const [what, printed, retention, left] of cases) {
      it(what, () => {
        reopen(1e9);
        printed.forEach((bytes, at) => record(String(10 + at), bytes, at === 0 ? 'running' : 'passed'));
        reopen(retention);
        assert.deepEqual(ids(), left);
        assert.equal(store.readOutput('11', 0, 0, 9).chunks.length, left.includes('11') ? 1 : 0);
        assert.equal(store.readOutput('10', 0, 0, 9).chunks.length, printed[0] === 0 ? 0 : 1);
      });
    }

    it('also of runs that printed nothing, and when a run ends', () => {
      reopen(20_000);
      for (let n = 100; n < 200; n++) store.create(sampleRun(String(n), 1, { state: 'passed' }), thisHost());
      assert.equal(ids().length, 100);
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
      const db = new DatabaseSync(`${folder.path}/history.db`);
      db.exec('DELETE FROM notes');
      db.close();
      record('200', 1000);
      assert.ok(ids().length < 25 && ids()[0] === '200', ids().join());
    });
  });

  it('says of a run for ever that it was interrupted, once it has', () => {
    const run = sampleRun('01', 1);
    store.create(run, goneHost);
    const [ended] = store.interruptAbandoned(isHostAlive);
    const step = sampleStep(0, { state: 'passed' });
    store.update({ ...run, state: 'passed', seq: 9, steps: [step] }, [step]);
    assert.deepEqual(store.find('01'), ended);
  });
});
