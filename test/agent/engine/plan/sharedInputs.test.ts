import assert from 'node:assert/strict';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { wordMissing } from '../../../../agent/cli/wordMissing';
import type { RunRequest } from '../../../../agent/engine/types';
import { MissingAnswers } from '../../../../agent/protocol/plan';
import { cells, sampleRequest } from '../sampleRequest';
import { refusal } from './refusal';

const other = '/books/out/mb.runbook.md';

function world(text: string): { readFile: () => string } {
  return { readFile: () => text };
}

function front(inputs: string): string {
  return `---\ninputs: {${inputs}}\n---\n`;
}

const main = cells({ 'a needs=out/mb.runbook.md#b': 'echo $n' });

describe('inputs that two runbooks declare', () => {
  const b = cells({ b: 'echo $n $tok' });
  const conflicts: readonly (readonly [own: string, others: string, message: RegExp])[] = [
    [
      'n: string',
      'n: number',
      /mb\.runbook\.md:2:10: `n` is a number here and a string in .*deploy\.runbook/,
    ],
    ['n: string', 'n: secret', /`n` is a secret here and a string in/],
    ['n: secret', 'n: string', /`n` is a string here and a secret in/],
  ];
  for (const [own, others, message] of conflicts) {
    it(`as ${own} and ${others} keep both from running`, () => {
      const request = sampleRequest(front(own) + main, { inputs: { n: '1); import os; (' } });
      assert.match(refusal(request, 'invalidRunbook', world(front(others) + b)).message, message);
    });
  }

  it('have a value that both take', () => {
    const text = front('n: {type: string, pattern: "[a-z]+"}') + main;
    const setting = world(front('n: {type: string, pattern: "a.*"}') + b);
    const given = (n: string): RunRequest => sampleRequest(text, { inputs: { n } });
    const wrong = (n: string): string | undefined =>
      (refusal(given(n), 'needsAnswer', setting).details as MissingAnswers).inputs[0]?.wrong;
    assert.equal(wrong('b'), 'Must match a.*.');
    assert.equal(wrong('a1'), 'Must match [a-z]+.');
    assert.equal(planRun(given('ab'), setting).inputs.length, 1);
  });

  it('are in no variable of a cell whose placeholder is called like a secret of the other', () => {
    const text = front('x: {default: y}') + cells({ 'a needs=out/mb.runbook.md#b': 'echo <tok>' });
    const plan = planRun(sampleRequest(text, { inputs: { tok: 'hidden' } }), world(front('tok: secret') + b));
    assert.doesNotMatch(JSON.stringify(plan.steps.map(({ env, text: filled }) => [env, filled])), /hidden/);
  });
});

describe('inputs in attributes', () => {
  const declared =
    '---\ninputs: {tok: secret, opt: {required: false}, l: string}\nsecrets: {DB: "env:DB"}\n---\n';
  const inputs = { tok: 'hidden', l: 'k8s:ns/x' };
  const plan = (attribute: string): RunRequest =>
    sampleRequest(declared + cells({ [`a ${attribute}`]: 'echo $tok $l' }), { inputs, approved: ['*'] });

  const refused: readonly (readonly [attribute: string, message: RegExp])[] = [
    ['confirm="Use ${{ inputs.tok }}?"', /:5:17: `tok` is a secret, and `confirm` is shown, logged and kept/],
    ['lock="${{ inputs.tok }}"', /`tok` is a secret, and `lock` is/],
    ['cwd="${{ inputs.tok }}"', /`tok` is a secret, and `cwd` is/],
    ['target="${{ inputs.tok }}"', /`tok` is a secret, and `target` is/],
    ['env="A=${{ inputs.tok }}"', /`tok` is a secret, and `env` is.* as the variable tok/],
    ['env="A=${{ secrets.DB }}"', /`DB` is a secret, and `env` is/],
    ['env="A=${{ inputs.opt }},B=${{ inputs.typo }}"', /There is no input `typo`: declared are tok, opt, l/],
    ['cwd="${{ input.l }}"', /neither an input nor a secret/],
    ['interpreter="cat ${{ inputs.l }}"', /`interpreter` takes no inputs/],
    ['lock="${{ inputs.l }}"', /`lock=k8s:ns\/x`, which this version cannot do/],
    ['target="${{ inputs.l }}"', /`target=k8s:ns\/x`, which this version cannot do/],
  ];
  for (const [attribute, message] of refused) {
    it(`are refused: ${attribute}`, () => {
      const error = refusal(plan(attribute), 'invalidRunbook');
      assert.match(error.message, message);
      assert.doesNotMatch(JSON.stringify([error.message, error.details]), /hidden/);
    });
  }

  it('are empty where an optional one was not given', () => {
    const [step] = planRun(plan('env="A=x${{ inputs.opt }},B=${{ inputs.l }}"')).steps;
    assert.deepEqual(step?.options.env, { A: 'x', B: 'k8s:ns/x' });
  });

  it('do not ask for a secret by their value', () => {
    const text = declared + cells({ 'a cwd="${{ inputs.l }}"': 'echo $tok' });
    const [step] = planRun(sampleRequest(text, { inputs: { tok: 'hidden', l: 'DB' } })).steps;
    assert.deepEqual(step?.secrets, []);
  });
});

describe('approvals of cells with the same name', () => {
  const text = cells({ 'a needs=out/mb.runbook.md#drop': 'a', 'drop confirm="Own?"': 'd' });
  const setting = world('# Q\n\n' + cells({ 'drop confirm="Foreign?"': 'd' }));
  const asked = (approved: string[]): string[] => {
    const error = refusal(sampleRequest(text, { approved }), 'needsAnswer', setting);
    return MissingAnswers.parse(error.details).confirm.map(({ name, file }) =>
      `${name} ${file ?? ''}`.trim(),
    );
  };

  it('are told apart by their files', () => {
    const foreign = `out/mb.runbook.md#drop ${other}`;
    assert.deepEqual(asked([]), [foreign, 'drop']);
    assert.deepEqual(asked(['drop']), [foreign]);
    assert.deepEqual(asked(['out/mb.runbook.md#drop']), ['drop']);
    assert.deepEqual(asked(['out/else.runbook.md#drop', 'x#drop']), [foreign, 'drop']);
    const approved = ['./out/mb.runbook.md#drop', 'drop'];
    assert.equal(planRun(sampleRequest(text, { approved }), setting).steps.length, 3);
  });

  it('are worded with the place of the cell and what approves it', () => {
    const { details } = refusal(sampleRequest(text), 'needsAnswer', setting);
    const lines = wordMissing(details, '/books') ?? [];
    assert.deepEqual(lines.slice(1, 3), [
      '  out/mb.runbook.md:3: out/mb.runbook.md#drop: Foreign? (local, effect=change)  --approve out/mb.runbook.md#drop',
      '  deploy.runbook.md:5: drop: Own? (local, effect=change)  --approve drop',
    ]);
  });
});

describe('programs that are called like something every object has', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    it(name, () => {
      const text = `---\nshell: ${name}\ninputs: {x: {default: y}}\n---\n`;
      const own = cells({ 'a interpreter=bash': 'echo ${{ inputs.x }}' });
      assert.equal(planRun(sampleRequest(text + own)).steps.length, 1);
      const interpreted = cells({ [`a interpreter=${name}`]: 'echo $x' });
      assert.equal(planRun(sampleRequest(text + interpreted)).steps.length, 1);
      const shell = refusal(sampleRequest(text + cells({ a: 'echo ${{ inputs.x }}' })), 'invalidRunbook');
      assert.match(shell.message, /how a value is written in `\w+` is not known/);
    });
  }
});
