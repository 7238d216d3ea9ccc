import assert from 'node:assert/strict';
import { cellOptions, type CellOptions } from '../../../agent/runbook/cellOptions';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

function read(info: string, front = ''): { options: CellOptions; problems: string[] } {
  const runbook = parseRunbook(`${front}\`\`\`sh ${info}\nx\n\`\`\`\n`);
  const { options, diagnostics } = cellOptions(runbook.cells[0]!, runbook.frontMatter);
  return {
    options,
    problems: diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`),
  };
}

function check(info: string, expected: Partial<CellOptions>, front = ''): void {
  it(`${info}${front === '' ? '' : ' over defaults'}`, () => {
    const { options, problems } = read(info, front);
    assert.deepEqual(problems, []);
    for (const [key, value] of Object.entries(expected))
      assert.deepEqual(options[key as keyof CellOptions], value, key);
  });
}

describe('cellOptions', () => {
  check('', {
    needs: [],
    retries: 0,
    retryDelay: 2000,
    onError: 'stop',
    strict: true,
    effect: 'change',
    env: {},
    background: false,
    tty: 'auto',
    target: 'local',
    expectExit: [0],
    tags: [],
    exclude: false,
    placeholders: true,
  });
  check('{needs=a,b tags="x, y" .z}', { needs: ['a', 'b'], tags: ['x', 'y', 'z'] });
  check('{timeout=5m retries=3 retry-delay=500ms}', { timeout: 300_000, retries: 3, retryDelay: 500 });
  check('{timeout=1h30m}', { timeout: 5_400_000 });
  check('{confirm}', { confirm: true });
  check('{confirm="Really?"}', { confirm: 'Really?' });
  check('{confirm=false}', {});
  check('{background ready="curl x"}', { background: 'run', ready: 'curl x' });
  check('{background=detach}', { background: 'detach' });
  check('{interactive=false}', { tty: 'never' });
  check('{"interactive":true}', { tty: 'always' });
  check('{strict=false effect=read on-error=continue}', {
    strict: false,
    effect: 'read',
    onError: 'continue',
  });
  check('{env="A=1,B=x=y" cwd=sub}', { env: { A: '1', B: 'x=y' }, cwd: 'sub' });
  check('{"env":{"A":1}}', { env: { A: '1' } });
  check('{expect-exit=0,2 output=VAR}', { expectExit: [0, 2], output: 'VAR' });
  check('{interpreter="bash -l \'a b\'"}', { interpreter: ['bash', '-l', 'a b'] });
  check('{excludeFromRunAll=true category=a tag=b}', { exclude: true, tags: ['a', 'b'] });
  check('{placeholders=off}', { placeholders: false });
  check(
    '{timeout=1s}',
    { timeout: 1000, retries: 2, target: 'ssh:h' },
    '---\ntarget: ssh:h\ndefaults: {timeout: 5m, retries: 2}\n---\n',
  );
  check('', { cwd: '/srv', placeholders: false }, '---\ncwd: /srv\nskipPrompts: true\n---\n');

  const wrong: [string, string][] = [
    ['{timeout=soon}', '1:8 `timeout` of x is `soon`; wanted: a duration like `30s`, `5m` or `500ms`.'],
    ['{name=a retries=-1}', '1:15 `retries` of a is `-1`; wanted: a whole number.'],
    ['{effect=maybe}', '1:8 `effect` of x is `maybe`; wanted: change, read, destroy.'],
    ['{strict=perhaps}', '1:8 `strict` of x is `perhaps`; wanted: `true` or `false`.'],
    ['{cwd}', '1:8 `cwd` of x has no value; wanted: a value.'],
    ['{expect-exit=none}', '1:8 `expect-exit` of x is `none`; wanted: exit codes like `0,2`.'],
    ['{env=1A=2}', '1:8 `env` of x is `1A=2`; wanted: variables like `A=1,B=2`.'],
  ];
  for (const [info, message] of wrong) {
    it(`says what is wrong with ${info}`, () => assert.deepEqual(read(info).problems, [message]));
  }
});
