import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startTimeOf } from '../../../agent/processTable';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { DetachedStep, RunStore } from '../../../agent/store/types';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goneHost, sampleRun, sampleStep } from './sampleRun';

describe('steps that outlive their run', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-detached');
    store = openStore(folder.path);
  });

  afterEach(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  function detach(run: string, pid: number, startTime = startTimeOf(pid) ?? ''): DetachedStep {
    const record = sampleStep(0, { state: 'passed', background: 'detached' });
    store.create(sampleRun(run, 1, { steps: [record], state: 'passed' }), thisHost());
    const step = { run, step: 0, name: 'web', file: '/x.md', pid, startTime, log: '/x.log', startedAt: 5 };
    store.detached.add(step);
    return step;
  }

  const background = (run: string): string | undefined => store.find(run)?.steps[0]?.background;

  it('are listed as long as their process is there', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const step = detach('01', child.pid ?? 0);
    detach('02', child.pid ?? 0, '12');
    detach('03', 2 ** 30, '12');
    assert.deepEqual(store.detached.list(), [step]);
    assert.deepEqual([background('01'), background('02'), background('03')], ['detached', 'ended', 'ended']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.deepEqual(store.detached.list(), []);
    assert.equal(background('01'), 'ended');
  });

  it('are forgotten when they were stopped', () => {
    detach('01', process.pid);
    store.detached.remove('01', 0);
    store.detached.remove('77', 0);
    assert.deepEqual(store.detached.list(), []);
    assert.equal(background('01'), 'ended');
  });

  it('are found where whoever started them was killed before it could say so', async () => {
    const start = { run: '01', step: 0, name: 'web', file: '/x.md', log: '/x.log', startedAt: 5 };
    const record = sampleStep(0, { state: 'running' });
    for (const run of ['01', '02', '03'])
      store.create(sampleRun(run, 1, { steps: [record], state: 'running' }), thisHost());
    const child = spawn('sleep', ['60'], { env: { HANDRAIL_DETACHED: '01.0' }, detached: true });
    await once(child, 'spawn');
    store.detached.begin(start, goneHost);
    store.detached.begin({ ...start, run: '02' }, goneHost);
    store.detached.begin({ ...start, run: '03' }, thisHost());
    const pid = child.pid ?? 0;
    const found = { ...start, pid, startTime: startTimeOf(pid) };
    assert.deepEqual(store.detached.list(), [found]);
    assert.deepEqual(store.detached.list(), [found]);
    assert.deepEqual([background('01'), background('02')], ['detached', undefined]);
    store.detached.add({ ...start, run: '03', pid: process.pid, startTime: startTimeOf(process.pid) ?? '' });
    assert.deepEqual(
      store.detached.list().map(({ run }) => run),
      ['01', '03'],
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('are known to who opens the history later', () => {
    const step = detach('01', process.pid);
    store.close();
    store = openStore(folder.path);
    assert.deepEqual(store.detached.list(), [step]);
  });
});
