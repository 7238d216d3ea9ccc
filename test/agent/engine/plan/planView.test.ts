import assert from 'node:assert/strict';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { planView } from '../../../../agent/engine/plan/planView';
import { PlanView } from '../../../../agent/protocol/plan';
import { cells, sampleRequest } from '../sampleRequest';

describe('the view of a plan', () => {
  it('has all that a person wants to know, and no secret', () => {
    const text =
      '---\ninputs: {t: secret, n: string}\nrequires: {node: ">=20"}\nsecrets: {S: "env:S"}\n---\n# Title\n' +
      cells({
        'a confirm effect=destroy timeout=2s retries=1 rollback=b': 'echo $t ${{ inputs.n }} $S',
        'b exclude': 'x',
      });
    const request = sampleRequest(text, { inputs: { t: 'topsecret', n: 'v' } });
    const view = PlanView.parse(planView(planRun(request, { onlyShown: true })));
    assert.ok(!JSON.stringify(view).includes('topsecret'));
    assert.equal(view.title, 'Title');
    assert.deepEqual(
      view.inputs.map(({ name, value }) => [name, value]),
      [
        ['t', '•••'],
        ['n', 'v'],
      ],
    );
    assert.deepEqual(view.requires, [{ name: 'node', wanted: '>=20' }]);
    const [a, b] = view.steps;
    assert.deepEqual(
      [a?.confirm, a?.effect, a?.timeout, a?.retries, a?.secrets, a?.text],
      ['Run a? (local, effect=destroy)', 'destroy', 2000, 1, ['S'], 'echo $t "${n}" $S\n'],
    );
    assert.deepEqual([b?.role, b?.undoes], ['rollback', 0]);
    assert.equal(view.leftOut[0]?.name, 'b');
  });

  it('has every command that decides about a step', () => {
    const text = cells({ 'a when=w unless=u verify=v background ready=r': 'x' });
    const [a] = PlanView.parse(planView(planRun(sampleRequest(text)))).steps;
    assert.deepEqual([a?.when, a?.unless, a?.verify, a?.ready], ['w', 'u', 'v', 'r']);
  });
});
