import assert from 'node:assert/strict';
import type { RunSummary, StepRecord } from '../../../agent/protocol/runs';
import type { RunChange } from '../../../extension/agent/runFeed';
import { Listeners } from '../../../extension/listeners';
import { BackgroundSteps } from '../../../extension/views/runs/backgroundSteps';
import { backgroundRow } from '../../../extension/views/runs/runWords';
import { someRun, someStep } from '../../support/someRuns';
import { waitFor } from '../../support/waitFor';

describe('what goes on in the background', () => {
  const api: StepRecord = { ...someStep, name: 'api', index: 2, startedAt: 5, background: 'running' };
  const tail: StepRecord = { ...someStep, name: 'tail', index: 3, startedAt: 9, background: 'detached' };
  let advanced: Listeners<readonly RunChange[]>;
  let listed: Listeners<readonly RunSummary[]>;
  let recorded: Map<string, StepRecord[]>;
  let steps: BackgroundSteps;
  let changes: number;

  beforeEach(() => {
    advanced = new Listeners();
    listed = new Listeners();
    recorded = new Map();
    changes = 0;
    const request = (_type: unknown, { run }: { run: string }) => {
      const found = recorded.get(run);
      return found
        ? Promise.resolve({ run: { ...someRun, id: run, steps: found } })
        : Promise.reject(new Error('gone'));
    };
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const feed = { onDidAdvance: advanced.add, onDidList: listed.add };
    steps = new BackgroundSteps({ request } as never, feed, log);
    steps.onDidChange(() => changes++);
  });

  const tell = (...told: StepRecord[]) => advanced.tell([{ run: someRun, steps: told, output: [] }]);
  const names = () => steps.steps.map(({ step }) => step.name);

  it('is known from when its step is over until it ends, newest first', () => {
    tell({ ...api, state: 'running' });
    assert.deepEqual(names(), []);
    tell(api, tail);
    assert.deepEqual(names(), ['tail', 'api']);
    assert.equal(steps.of(someRun.id, 2)?.step.name, 'api');
    tell({ ...api, background: 'ended' });
    assert.deepEqual(names(), ['tail']);
    assert.equal(changes, 2, 'told once for each change');
    tell({ ...someStep, index: 7 });
    assert.equal(changes, 2, 'and for no other step');
  });

  it('is found again after a reload, and forgotten where it ended unseen', async () => {
    recorded.set(someRun.id, [api]);
    listed.tell([someRun]);
    await waitFor('the step', () => names().length === 1);
    recorded.set(someRun.id, [{ ...api, background: 'ended' }]);
    listed.tell([someRun]);
    await waitFor('no step', () => names().length === 0);
  });

  it('is not kept of a run that is not in the history any more', async () => {
    tell(api);
    listed.tell([{ ...someRun, id: 'other' }]);
    await waitFor('no step', () => names().length === 0);
  });

  it('reads as what, of which runbook, since when', () => {
    const since = new Date(2026, 10, 18, 18, 2).getTime();
    const row = (step: StepRecord) => backgroundRow(someRun, { ...step, startedAt: since }, since + 60_000);
    assert.equal(row(api).label, 'api');
    assert.equal(row(api).description, 'deploy-shop · in the background since 18:02');
    assert.equal(
      row({ ...tail, target: 'container:web' }).description,
      'deploy-shop · detached since 18:02 · on container:web',
    );
  });
});
