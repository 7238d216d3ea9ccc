import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startTimeOf } from '../../../agent/processTable';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { DetachedStep, RunStore } from '../../../agent/store/types';
import { temporaryFolder } from '../../support/temporaryFolder';
import { sampleRun, sampleStep } from './sampleRun';

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

  it('are known to who opens the history later', () => {
    const step = detach('01', process.pid);
    store.close();
    store = openStore(folder.path);
    assert.deepEqual(store.detached.list(), [step]);
  });
});
