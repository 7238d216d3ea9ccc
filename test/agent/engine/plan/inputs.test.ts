import assert from 'node:assert/strict';
import { planRun } from '../../../../agent/engine/plan/planRun';
import type { RunRequest } from '../../../../agent/engine/types';
import type { MissingAnswers } from '../../../../agent/protocol/plan';
import { cells, sampleRequest } from '../sampleRequest';
import { refusal } from './refusal';

const front = `---
inputs:
  service: {type: choice, choices: [api, web]}
  count: {type: number, default: 2}
  token: {type: secret, required: false}
secrets: {DB: "env:DB", KEY: "editor:key"}
---
`;

describe('inputs of a plan', () => {
  const text =
    front +
    cells({
      a: 'echo ${{ inputs.service }} $count <pod-name>',
      b: 'curl -H "$token" $DB',
      c: 'true',
    });
  const given = { service: 'api', 'pod-name': 'x y' };

  type Row = readonly [what: string, change: Partial<RunRequest>, expected: Record<string, string>];
  const env = (more: Record<string, string>): Partial<RunRequest> => ({
    inputs: given,
    environment: { ...sampleRequest('').environment, env: more },
  });
  const values: readonly Row[] = [
    ['what is given, else the default', { inputs: given }, { service: 'api', count: '2' }],
    ['what is given before the environment', env({ HANDRAIL_INPUT_service: 'web' }), { service: 'api' }],
    ['the environment before the default', env({ HANDRAIL_INPUT_count: '7' }), { count: '7' }],
    ['the environment in capitals', env({ HANDRAIL_INPUT_COUNT: '8' }), { count: '8' }],
  ];
  for (const [what, change, expected] of values) {
    it(`have ${what}`, () => {
      const plan = planRun(sampleRequest(text, { approved: ['*'], ...change }));
      const found = Object.fromEntries(plan.inputs.map(({ name, value }) => [name, value]));
      for (const [name, value] of Object.entries(expected)) assert.equal(found[name], value);
      assert.equal(plan.steps[0]?.env['service'], expected['service'] ?? 'api');
      assert.equal(plan.steps[0]?.env['HANDRAIL_INPUT_pod_name'], 'x y');
    });
  }

  it('have those of the run that is continued, but for secrets', () => {
    const setting = { earlierInputs: { service: 'web', 'pod-name': 'p', token: '•••' } };
    const plan = planRun(sampleRequest(text, { inputs: { service: 'api' } }), setting);
    assert.deepEqual(
      plan.inputs.map(({ name, value }) => [name, value]),
      [
        ['service', 'api'],
        ['count', '2'],
        ['token', undefined],
        ['pod-name', 'p'],
      ],
    );
  });

  it('are put in as references, and secret ones are in no variable of the plan', () => {
    const inputs = { ...given, token: 'hidden-value' };
    const plan = planRun(sampleRequest(text, { inputs }));
    const [a, b] = plan.steps;
    assert.equal(a?.text, 'echo "${service}" $count "${HANDRAIL_INPUT_pod_name}"\n');
    assert.deepEqual(b?.secrets, ['DB']);
    assert.deepEqual(
      plan.secrets.map(({ name }) => name),
      ['DB'],
    );
    assert.ok(plan.steps.every(step => !JSON.stringify([step.env, step.text]).includes('hidden-value')));
    assert.deepEqual(plan.inputs.find(({ name }) => name === 'token')?.cells, ['b']);
  });

  it('are asked for all at once, with approvals and secrets, and what was given last', () => {
    const more = text + cells({ 'd confirm="Really?"': 'echo $KEY' });
    const lastInputs = (): Record<string, string> => ({ service: 'web', token: 'never', 'pod-name': 'p-1' });
    const { details, message } = refusal(sampleRequest(more), 'needsAnswer', { lastInputs });
    const { confirm, inputs, secrets } = details as MissingAnswers;
    assert.equal(message, 'Needs approval: d; input: service, pod-name; secret: KEY');
    assert.deepEqual(
      confirm.map(({ name, text: question }) => [name, question]),
      [['d', 'Really? (local, effect=change)']],
    );
    assert.deepEqual(
      inputs.map(({ name, from, last, line, cells: used }) => [name, from, last, line, used]),
      [
        ['service', 'input', 'web', 3, ['a']],
        ['pod-name', 'placeholder', 'p-1', 9, ['a']],
      ],
    );
    assert.deepEqual(secrets, ['KEY']);
    const sent = { inputs: given, secrets: { KEY: 'k' }, asks: true };
    assert.equal(planRun(sampleRequest(more, sent)).steps.length, 4);
  });

  it('are wrong with a reason, and a secret is not repeated', () => {
    const wrong = refusal(sampleRequest(text, { inputs: { ...given, service: 'db' } }), 'needsAnswer');
    const [service] = (wrong.details as MissingAnswers).inputs;
    assert.equal(service?.wrong, 'Must be one of api, web.');
    const pattern = '---\ninputs: {t: {type: secret, pattern: "a+"}}\n---\n' + cells({ a: 'echo $t' });
    const { details } = refusal(sampleRequest(pattern, { inputs: { t: 'topsecret' } }), 'needsAnswer');
    assert.ok(!JSON.stringify(details).includes('topsecret'));
  });

  const selections: readonly (readonly [what: string, indexes: number[], asked: string])[] = [
    ['those that a chosen cell names', [1], 'token'],
    ['none where it names none', [2], ''],
    ['what it names', [0], 'service count pod-name'],
  ];
  for (const [what, indexes, asked] of selections) {
    it(`of chosen cells are ${what}`, () => {
      const request = sampleRequest(text, { selection: { kind: 'cells', indexes } });
      const plan = planRun(request, { onlyShown: true });
      assert.equal(plan.inputs.map(({ name }) => name).join(' '), asked);
    });
  }

  it('that no cell names are for what the cells call', () => {
    const hidden = '---\ninputs: {who: string}\n---\n' + cells({ a: './greet.sh' });
    const request = sampleRequest(hidden, { selection: { kind: 'cells', indexes: [0] } });
    assert.match(refusal(request, 'needsAnswer').message, /input: who/);
  });

  const unknown: readonly (readonly [name: string, message: RegExp])[] = [
    ['servce', /no input servce\. Did you mean service\?/],
    ['zzz', /no input zzz\. There is: service, count, token, pod-name/],
  ];
  for (const [name, message] of unknown) {
    it(`are not called ${name}`, () => {
      assert.match(
        refusal(sampleRequest(text, { inputs: { ...given, [name]: 'x' } }), 'invalidRunbook').message,
        message,
      );
    });
  }

  it('are told of where they are wrong, one line each, and of no other declaration', () => {
    const front =
      '---\ninputs:\n  n: {type: strng}\n  m: {type: numbr}\nsecrets:\n  S: nowhere\n  T: beyond\n---\n';
    const { message } = refusal(sampleRequest(front + cells({ a: 'echo $n $S' })), 'invalidRunbook');
    const places = message
      .split('\n')
      .map(line => /^\/books\/deploy\.runbook\.md:(\d+:\d+): /.exec(line)?.[1]);
    assert.deepEqual(places, ['3:13', '6:6', '9:1']);
  });

  it('are no placeholders where a cell says so', () => {
    const off = cells({ 'a placeholders=off': 'echo <pod-name>' });
    assert.deepEqual(planRun(sampleRequest(off)).inputs, []);
  });

  it('declared in a way that cannot be read keep only those cells from running that use them', () => {
    const broken = '---\nsecrets: {DB: "nowhere"}\n---\n' + cells({ a: 'echo $DB', b: 'true' });
    assert.match(
      refusal(sampleRequest(broken), 'invalidRunbook').message,
      /:2:15: `DB` does not say where.*\n.*:4:1: `a` uses `DB`/,
    );
    const plan = planRun(sampleRequest(broken, { selection: { kind: 'cells', indexes: [1] } }));
    assert.equal(plan.warnings.length, 1);
  });

  it('stand in questions and folders as they are', () => {
    const asks =
      front +
      cells({ 'a confirm="Restart ${{ inputs.service }}?"': 'echo $service' }).replace(
        '{name=a',
        '{name=a lock="${{ inputs.service }}"',
      );
    const plan = planRun(sampleRequest(asks, { inputs: { service: 'web' }, approved: ['*'] }));
    assert.equal(plan.steps[0]?.options.confirm, 'Restart web?');
    assert.equal(plan.steps[0]?.options.lock, 'web');
  });
});
