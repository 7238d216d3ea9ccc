import assert from 'node:assert/strict';
import type { RunSummary } from '../../../agent/protocol/runs';
import type { RunChange } from '../../../extension/agent/runFeed';
import { Listeners } from '../../../extension/listeners';
import { tellFailedStarts } from '../../../extension/notebook/failedStarts';
import { someRun } from '../../support/someRuns';

describe('a run that ended before its first step', () => {
  const failed: RunSummary = { ...someRun, state: 'failed', message: 'kubectl is missing' };
  const words = 'deploy-shop was not begun. kubectl is missing';

  /** What the person is told of these changes, one after the other. */
  function told(...runs: readonly RunSummary[]): string[] {
    const changed = new Listeners<readonly RunChange[]>();
    const said: string[] = [];
    const subscription = tellFailedStarts(
      { onDidChange: changed.add },
      { has: id => id === someRun.id },
      text => said.push(text),
    );
    for (const run of runs) changed.tell([{ run, steps: [], output: [] }]);
    subscription.dispose();
    changed.tell([{ run: { ...failed, id: someRun.id }, steps: [], output: [] }]);
    return said;
  }

  it('says why, once', () => assert.deepEqual(told(failed, { ...failed, seq: 2 }), [words]));

  it('is told when it has ended, not while it goes on', () =>
    assert.deepEqual(told({ ...failed, state: 'running' }, failed), [words]));

  const silent: Record<string, Partial<RunSummary>> = {
    passed: { state: 'passed' },
    'failed at a step, which tells it': { step: 'drain' },
    'failed without a word': { message: undefined },
    'was begun elsewhere': { id: 'other' },
  };
  for (const [title, change] of Object.entries(silent))
    it(`says nothing where it ${title}`, () => assert.deepEqual(told({ ...failed, ...change }), []));

  it('gives no link that the runbook made', () => {
    const [said] = told({ ...failed, message: 'see [here](command:x)' });
    assert.ok(said?.includes('here') && !said.includes('](command:x)'), said);
  });
});
