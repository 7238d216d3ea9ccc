import assert from 'node:assert/strict';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { cells, sampleRequest } from '../sampleRequest';

describe('which part of its runbook a run is', () => {
  const text = cells({ a: '', b: '', 'x exclude': '', c: '', d: '' });
  const rows: readonly (readonly [indexes: number[], part: string | undefined])[] = [
    [[0, 1, 3, 4], undefined],
    [[1, 3, 4], 'from b'],
    [[0, 1], 'until b'],
    [[0, 4], '2 of 5 cells'],
    [[2, 4], '2 of 5 cells'],
    [[4], undefined],
  ];
  for (const [indexes, part] of rows) {
    it(`is ${part ?? 'not told'} for the cells ${indexes.join(', ')}`, () => {
      assert.equal(planRun(sampleRequest(text, { selection: { kind: 'cells', indexes } })).part, part);
    });
  }

  it('is not told of a whole run', () => {
    assert.equal(planRun(sampleRequest(text)).part, undefined);
  });
});
