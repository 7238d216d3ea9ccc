import assert from 'node:assert/strict';
import { planRun } from '../../../../agent/engine/plan/planRun';
import type { PlanSetting } from '../../../../agent/engine/plan/planSetting';
import type { RunRequest } from '../../../../agent/engine/types';
import { cells, sampleRequest } from '../sampleRequest';
import { refusal } from './refusal';

describe('what is doubtful in a runbook', () => {
  const text =
    '---\nsecrets: {DB: "nowhere"}\ninputs: {n: {type: strng}}\n---\n' +
    cells({ a: '', 'b timeot=1s': '', 'c rollbak=a': '', 'd retris=2': '' });
  const told = (selection: RunRequest['selection']): string[] =>
    planRun(sampleRequest(text, { selection })).warnings.map(
      ({ line, message, hint }) => `${line} ${message} ${hint ?? ''}`,
    );

  it('is told whole where the whole is run', () => {
    assert.equal(told({ kind: 'all' }).length, 5);
  });

  it('is told with what keeps a plan that is only shown from being one', () => {
    const wrong = sampleRequest(text + cells({ 'e timeout=never': '' }));
    const lines = (setting: PlanSetting): number =>
      refusal(wrong, 'invalidRunbook', setting).message.split('\n').length;
    assert.deepEqual([lines({}), lines({ onlyShown: true })], [1, 6]);
  });

  it('is told of what is run, and of the rest how much there is', () => {
    const [rest, own, ...others] = told({ kind: 'cells', indexes: [2] });
    assert.match(
      rest ?? '',
      /^1 4 more problems elsewhere in the file .*: handrail run -n deploy\.runbook\.md$/,
    );
    assert.match(own ?? '', /^13 There is no attribute `rollbak`/);
    assert.deepEqual(others, []);
  });
});
