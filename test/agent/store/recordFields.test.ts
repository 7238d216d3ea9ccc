import assert from 'node:assert/strict';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { RunStore } from '../../../agent/store/types';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goneHost, sampleRun, sampleStep } from './sampleRun';

describe('what is recorded of a run and its steps', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-fields');
    store = openStore(folder.path);
  });

  afterEach(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  const more = {
    message: 'waits for run 7c2e',
    inputs: { service: 'api', text: 'a "b"\n' },
    identity: [{ kind: 'kube', label: 'prod as ana', values: { context: 'prod' }, held: true }],
  };
  const stepMore = {
    asks: 'Restart api?',
    approvedBy: 'ana',
    outputs: { VERSION: '1.2\n3' },
    background: 'detached' as const,
    mime: 'text/html',
  };

  it('is all there from the beginning', () => {
    const where = { target: 'container:web', targetWins: true };
    const steps = [sampleStep(0, { ...stepMore, target: where.target, file: '/books/other.md', undoes: 3 })];
    const continues = { run: '7c2e', how: 'resume' as const };
    const run = sampleRun('01', 1, { ...more, ...where, only: 'restart', whole: true, continues, steps });
    store.create(run, thisHost());
    assert.deepEqual(store.find('01'), run);
    const { steps: own, textHash, cwd, host, inputs, identity, whole, ...summary } = run;
    assert.ok([own, textHash, cwd, host, inputs, identity, whole].every(value => value !== undefined));
    assert.deepEqual(store.list({ limit: 1 }).runs, [summary]);
  });

  it('may come, change and go while it goes on', () => {
    const run = sampleRun('01', 1);
    store.create(run, thisHost());
    const step = sampleStep(0, stepMore);
    store.update({ ...run, ...more, steps: [step] }, [step]);
    assert.deepEqual(store.find('01'), { ...run, ...more, steps: [step] });
    store.update(run, run.steps);
    assert.deepEqual(store.find('01'), run);
  });

  it('grows by steps that nobody knew of at the beginning', () => {
    const run = sampleRun('01', 2);
    store.create(run, thisHost());
    const undo = sampleStep(2, { state: 'running', undoes: 0, name: 'undo' });
    const grown = { ...run, stepsTotal: 3, steps: [...run.steps, undo] };
    store.update(grown, [undo]);
    assert.deepEqual(store.find('01'), grown);
    store.update(grown, [{ ...undo, state: 'passed' }]);
    assert.equal(store.find('01')?.steps[2]?.state, 'passed');
  });

  it('waits for no answer and has nothing in the background once its process is gone', () => {
    const steps = [
      sampleStep(0, { state: 'passed', background: 'running' }),
      sampleStep(1, { state: 'running', asks: 'Really?' }),
      sampleStep(2, { state: 'passed', background: 'detached' }),
    ];
    store.create(sampleRun('01', 3, { steps }), goneHost);
    const found = store.find('01')?.steps ?? [];
    assert.deepEqual(
      found.map(({ state, background, asks }) => [state, background, asks]),
      [
        ['passed', 'ended', undefined],
        ['interrupted', undefined, undefined],
        ['passed', 'detached', undefined],
      ],
    );
  });

  it('tells what was given last for each input, but no secret', () => {
    const file = '/books/deploy.md';
    store.create(sampleRun('01', 1, { inputs: { service: 'api', old: 'x', token: '•••' } }), thisHost());
    store.create(sampleRun('02', 1, { inputs: { service: 'db' } }), thisHost());
    store.create(sampleRun('03', 1), thisHost());
    store.create(sampleRun('04', 1, { file: '/other.md', inputs: { service: 'web' } }), thisHost());
    assert.deepEqual(store.lastInputs(file), { service: 'db', old: 'x' });
    assert.deepEqual(store.lastInputs('/none.md'), {});
  });
});
