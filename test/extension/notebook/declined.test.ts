import assert from 'node:assert/strict';
import type { StepRecord } from '../../../agent/protocol/runs';
import { resultLabel } from '../../../extension/notebook/cellLabels';
import { declinedFor, isDeclined } from '../../../extension/notebook/declined';
import { someRun, someStep } from '../../support/someRuns';

describe('a step that was declined', () => {
  const declined: StepRecord = {
    ...someStep,
    index: 3,
    state: 'cancelled',
    reason: 'cancel',
    message: 'declined by ana',
  };
  const run = { ...someRun, user: 'ana', stepsTotal: 6 };

  it('says in its cell who said no, and where in the run', () => {
    const label = (step: StepRecord) => resultLabel(step, false, false, 0)?.text;
    assert.equal(label(declinedFor(declined, run)), '■ declined by you at step 4 of 6');
    const other = declinedFor(declined, { ...run, user: 'eva' });
    assert.equal(label(other), '■ declined by ana at step 4 of 6');
    assert.equal(label(declinedFor(declined, undefined)), '■ declined by ana');
  });

  it('is none that was stopped while it ran or waited', () => {
    const stopped = { ...declined, message: undefined };
    assert.equal(isDeclined({ ...declined, startedAt: 1 }), false);
    assert.equal(isDeclined({ ...declined, state: 'failed' }), false);
    assert.equal(isDeclined(stopped), false);
    assert.equal(declinedFor(stopped, run), stopped);
  });
});
