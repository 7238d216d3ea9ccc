import assert from 'node:assert/strict';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { cells, sampleRequest } from '../sampleRequest';
import { refusal } from './refusal';

describe('a plan is refused for a slip that would drop what was asked for:', () => {
  const body = cells({ a: 'rm -rf "/data/$who"' });
  const fence = (attributes: string): string => `\`\`\`bash ${attributes}\nrm x\n\`\`\`\n`;
  const slips: readonly (readonly [text: string, message: RegExp])[] = [
    [`+++\nx = \n[inputs.who]\ntype = "string"\n+++\n${body}`, /:2:\d+: .*it says `inputs`/],
    [`+++\n[requires]\nkubectl = \n+++\n${body}`, /it says `requires`/],
    [`+++\nx = \ninputs.who = "string"\n+++\n${body}`, /it says `inputs`/],
    [`{"title": "x", "inputs": {"who": string}}\n${body}`, /it says `inputs`/],
    [fence(`{name=c confirm='Really?' env=A='x y'}`), /:1:1?\d*: The attributes cannot be read from `'` on/],
    [fence('{name=d confirm=Really sure?}'), /cannot be read from `\?` on/],
    [fence('{confirm = "Really?" name=e}'), /cannot be read from `=` on/],
    [fence('{name="e", confirm="Really?"}'), /cannot be read from `,` on/],
    [fence('{output=PATH}'), /`output` of .* is `PATH`; wanted: the name of a variable of its own/],
    [fence('{output=1X}'), /`output` of .* is `1X`/],
    [fence('{output="A B"}'), /`output` of .* is `A B`/],
    [
      `---\nrequires:\n  python3: {version: ">=3", help: x}\n---\n${body}`,
      /:3:\d+: .*can have `get`, but not `help`/,
    ],
    [`---\nrequires:\n  git: ">= 99 or so"\n---\n${body}`, /:3:\d+: .*no range of versions/],
  ];
  for (const [text, message] of slips) {
    it(text, () => assert.match(refusal(sampleRequest(text), 'invalidRunbook').message, message));
  }

  for (const attributes of [
    '{1,3-4}',
    '{r, echo=FALSE}',
    'title="a.sh"',
    '{title="a, b", x}',
    '{{ name = 1 }}',
    '{x == 1}',
  ]) {
    it(`but not for ${attributes}`, () =>
      assert.equal(planRun(sampleRequest(fence(attributes))).steps.length, 1));
  }

  it('but not for broken front matter that says nothing of cells', () => {
    assert.equal(planRun(sampleRequest(`+++\ntitle = \n+++\n${body}`)).steps.length, 1);
  });

  it('and for the operators of a shell in the command of a secret', () => {
    const text = (command: string): string =>
      `---\nsecrets: {tok: '${command}'}\n---\n${cells({ a: 'echo $tok' })}`;
    const refused = refusal(sampleRequest(text('cmd:echo nope >&2; exit 4')), 'invalidRunbook');
    assert.match(refused.message, /tok/);
    assert.equal(planRun(sampleRequest(text('cmd:op read "op://a/b?x&y"'))).secrets.length, 1);
  });

  it('secrets are not named by words for people', () => {
    const text = `---\nsecrets: {api: env:API}\n---\n${cells({ 'a confirm="Restart api?" name=x tags=api': 'true' })}`;
    assert.deepEqual(planRun(sampleRequest(text, { approved: ['*'] })).secrets, []);
  });

  it('names that only look reserved in other case are inputs', () => {
    assert.equal(
      planRun(sampleRequest(`---\ninputs: {env: dev}\n---\n${cells({ a: 'echo $env' })}`)).inputs.length,
      1,
    );
  });
});
