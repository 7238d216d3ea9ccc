import assert from 'node:assert/strict';
import { AskedInput } from '../../../agent/protocol/plan';
import { approvalWords } from '../../../extension/notebook/approvalWords';
import { inputChoices, inputProblem, inputWords } from '../../../extension/notebook/askedInput';
import { ExecutionOrders } from '../../../extension/notebook/executionOrders';
import { OwnRuns } from '../../../extension/notebook/ownRuns';
import { someStep } from '../../support/someRuns';

function asked(change: Partial<AskedInput> & { name: string }): AskedInput {
  return AskedInput.parse({ from: 'input', type: 'string', cells: [], line: 1, ...change });
}

describe('a question for an input', () => {
  it('says which of how many, what for, and offers the last value before the default', () => {
    const input = asked({
      name: 'region',
      description: 'Where',
      default: 'eu',
      last: 'us',
      cells: ['deploy'],
    });
    assert.deepEqual(inputWords(input, 'shop', 2, 3), {
      title: 'shop · region · 2 of 3',
      prompt: 'Where · for deploy',
      value: 'us',
    });
  });

  it('offers no secret', () => {
    assert.equal(inputWords(asked({ name: 't', type: 'secret', last: 'x' }), 'shop', 1, 1).value, '');
  });

  it('puts the offered choice first', () => {
    const choice = asked({ name: 'r', type: 'choice', choices: ['a', 'b', 'c'], last: 'b' });
    assert.deepEqual(inputChoices(choice), ['b', 'a', 'c']);
    assert.deepEqual(inputChoices(asked({ name: 'd', type: 'boolean' })), ['true', 'false']);
    assert.equal(inputChoices(asked({ name: 's' })), undefined);
  });

  it('takes an empty box only where there is a default', () => {
    assert.equal(inputProblem(asked({ name: 'n' }), ''), 'Needs a value.');
    assert.equal(inputProblem(asked({ name: 'n', default: '3' }), ''), undefined);
    assert.match(inputProblem(asked({ name: 'n', type: 'number' }), '3x') ?? '', /number/);
  });
});

describe('a question for an approval', () => {
  it('names the step, its place, as whom it acts, and the command', () => {
    const identity = [
      { kind: 'kube', label: 'prod-eu as ana', values: { namespace: 'shop' }, held: true },
      { kind: 'git', label: 'main', values: {}, held: false },
    ];
    const step = {
      ...someStep,
      name: 'restart',
      index: 3,
      line: 41,
      asks: 'Restart api?',
      text: 'deploy.sh\n',
    };
    assert.deepEqual(approvalWords(step, { file: '/w/shop.md', stepsTotal: 6, identity }), {
      question: 'Restart api?',
      detail: 'restart · step 4 of 6 · shop, line 41\nkube: prod-eu as ana, namespace shop\n\ndeploy.sh',
      approve: 'Run restart',
    });
  });
});

describe('what is kept over a reload', () => {
  it('has the numbers of executions and the runs that were begun', () => {
    const kept = new Map<string, unknown>();
    const memory = {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, structuredClone(value))),
    };
    const orders = new ExecutionOrders(memory, '/w/a.md');
    assert.deepEqual([orders.of('r/0'), orders.of('r/1'), orders.of('r/0')], [1, 2, 1]);
    const again = new ExecutionOrders(memory, '/w/a.md');
    assert.deepEqual([again.of('r/1'), again.of('s/0')], [2, 3]);
    assert.equal(new ExecutionOrders(memory, '/w/b.md').of('r/1'), 1);
    new OwnRuns(memory).add('r');
    assert.equal(new OwnRuns(memory).has('r'), true);
    assert.equal(new OwnRuns(memory).has('s'), false);
  });

  it('has no numbers of more than 50 notebooks', () => {
    const kept = new Map<string, unknown>();
    const memory = {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) =>
        Promise.resolve(void (value === undefined ? kept.delete(key) : kept.set(key, value))),
    };
    for (let file = 0; file < 60; file++) new ExecutionOrders(memory, `/w/${file}.md`).of('r/0');
    assert.equal(kept.size, 51);
    assert.equal(new ExecutionOrders(memory, '/w/59.md').of('r/1'), 2);
    assert.equal(new ExecutionOrders(memory, '/w/0.md').of('r/1'), 1);
  });
});
