import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlanView } from '../../../agent/protocol/plan';
import { Place, runbook } from './handrail';
import { Sitting } from './sitting';

const inputs = `---
inputs:
  service: {type: choice, choices: [api, web], description: Which one}
  count: {type: number}
  token: {type: secret}
---
\`\`\`bash {name=show}
echo "$service $count "<pod>
\`\`\`
`;

describe('handrail asks', () => {
  it('for inputs, in words, until they are right; Enter takes the value of last time', async () => {
    await using place = await Place.make({ 'a.runbook.md': inputs });
    const first = ['run', 'a.runbook.md', '--input', 'count=3', '--input', 'pod=p', '--input', 'service=web'];
    assert.equal((await place.run([...first, '--input', 'token=sesame-1'])).code, 0);
    using sitting = new Sitting(place, 'handrail run a.runbook.md');
    await sitting.sees(/Which one[^]*1 {2}api[^]*service \[web\]: /);
    sitting.type('1\r');
    await sitting.sees('count [3]: ');
    sitting.type('many\r');
    await sitting.sees('Must be a number');
    sitting.type('\r');
    await sitting.sees('token (secret): ');
    sitting.type('open-sesame\r');
    await sitting.sees('pod [p]: ');
    sitting.type('x y\r');
    await sitting.sees('api 3 x y');
    assert.equal(await sitting.ended, 0);
    assert.ok(!sitting.screen.includes('open-sesame'), sitting.screen);
  });

  it('for approvals of cells of other files by file and name', async () => {
    await using place = await Place.make({
      'a.md': runbook({ 'a needs=b.md#drop': 'true', 'drop confirm="Own?"': 'true' }),
      'b.md': runbook({ 'drop confirm="Foreign?"': 'true' }),
      'c.md': runbook({ 'c needs=b.md#drop exclude': 'true' }),
    });
    const refused = await place.run(['run', 'a.md', '--approve', 'drop']);
    assert.match(
      refused.stderr,
      /b\.md:\d+: b\.md#drop: Foreign\? \(local, effect=change\) {2}--approve b\.md#drop/,
    );
    assert.equal(refused.code, 3);
    assert.equal((await place.run(['run', 'a.md', '--approve', 'drop', '--approve', 'b.md#drop'])).code, 0);
    const unknown = await place.run(['run', 'c.md', '--approve', 'drop']);
    assert.match(
      unknown.stderr,
      /no cell drop in this runbook\. That of another one: --approve b\.md#drop\n/,
    );
    assert.equal(unknown.code, 2);
  });

  it('for an approval when its turn has come, with the commands', async () => {
    await using place = await Place.make({
      'a.md': runbook({ a: 'echo before', 'b confirm="Really?"': 'touch made', c: 'true' }),
    });
    using yes = new Sitting(place, 'handrail run a.md');
    await yes.sees(/✓ a[^]*touch made[^]*Really\? \(local, effect=change\) \[y\/N\] /);
    yes.type('y\r');
    await yes.sees('3 of 3 steps run');
    assert.equal(await yes.ended, 0);
    using no = new Sitting(place, 'handrail run a.md');
    await no.sees('[y/N] ');
    no.type('\r');
    await no.sees('cancelled by you at step 2 of 3');
    assert.equal(await no.ended, 130);
  });

  it('for the name of the context in production; a yes is not enough', async () => {
    await using place = await Place.make({
      '.handrail.yaml': 'production: prod-*\n',
      'a.md': runbook({ a: 'echo kubectl --context prod-eu' }),
    });
    const all = await place.run(['run', 'a.md', '--yes']);
    assert.deepEqual([all.code, all.stdout], [3, '']);
    assert.match(
      all.stderr,
      /a: Run a in prod-eu\? \(local, effect=change; \.handrail\.yaml: production\) {2}--approve a\n/,
    );
    assert.equal((await place.run(['run', 'a.md', '--approve', 'a'])).code, 0);
    const { stdout } = await place.run(['run', 'a.md', '--approve', 'a', '--jsonl']);
    const started = JSON.parse(stdout.split('\n')[0] ?? '') as { plan: { asks?: true; typed?: string }[] };
    assert.deepEqual(
      started.plan.map(({ asks, typed }) => [asks, typed]),
      [[true, 'prod-eu']],
    );
    using no = new Sitting(place, 'handrail run a.md');
    await no.sees('Type prod-eu to go on: ');
    no.type('y\r');
    await no.sees('cancelled by you at step 1 of 1');
    using yes = new Sitting(place, 'handrail run a.md');
    await yes.sees('Type prod-eu to go on: ');
    yes.type('prod-eu\r');
    await yes.sees('1 of 1 step run');
  });

  it('for an approval of a run of the agent, in whatever terminal follows it', async () => {
    await using place = await Place.make({ 'a.md': runbook({ 'b confirm': 'echo done' }) });
    const refused = await place.run(['run', 'a.md', '--detach']);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /a\.md:3: b: Run b\? \(local, effect=change\) {2}--approve b/);
    const { stdout } = await place.run(['run', 'a.md', '--detach', '--approve', 'b']);
    using sitting = new Sitting(place, `handrail attach ${stdout.trim()}`);
    await sitting.sees('1 of 1 step run');
  });

  it('nobody where nobody is there, and lists all that is missing with how to give it', async () => {
    await using place = await Place.make({ 'a.runbook.md': inputs + runbook({ 'b confirm': 'true' }) });
    const { code, stderr } = await place.run(['run', 'a.runbook.md', '--input', 'service=db']);
    assert.equal(code, 3);
    assert.match(
      stderr,
      /^handrail: the value of an input is wrong; needs inputs and approval, and nobody is there to give it\n/,
    );
    for (const line of [
      '  a.runbook.md:3:3: service (api, web): Which one. Must be one of api, web.  --input service=VALUE\n',
      '  a.runbook.md:4:3: count (number)  --input count=VALUE\n',
      '  a.runbook.md:5:3: token (secret)  --input token=VALUE\n',
      '  a.runbook.md:8:24: pod  --input pod=VALUE\n',
      ': b: Run b? (local, effect=change)  --approve b\n',
    ]) {
      assert.ok(stderr.includes(line), `${line} is not in\n${stderr}`);
    }
  });

  const given: readonly (readonly [what: string, args: string[], input: string, expected: string])[] = [
    ['as it is', ['x=a=b c'], '', 'a=b c'],
    ['from a file', ['x=@value.txt'], '', 'of the file'],
    ['from standard input', ['x=@-'], 'piped\n', 'piped'],
    ['with an @', ['x=@@home'], '', '@home'],
    ['with a comma', ['x=1,2'], '', '1,2'],
  ];
  for (const [what, values, input, expected] of given) {
    it(`not for what is given ${what}`, async () => {
      await using place = await Place.make({
        'a.md': '---\ninputs: {x: string}\n---\n' + runbook({ a: 'echo "<$x>"' }),
      });
      await writeFile(join(place.path, 'value.txt'), 'of the file\n');
      const args = values.flatMap(value => ['--input', value]);
      const { stdout, stderr } = await place.run(['run', 'a.md', ...args], { input });
      assert.equal(stdout, `<${expected}>\n`, stderr);
    });
  }

  const wrong: readonly (readonly [args: string[], message: RegExp])[] = [
    [['--input', 'x'], /--input x has no value/],
    [['--input', 'x=@pipe'], /--input x=@pipe cannot be read: pipe is a pipe or a device, not a file/],
    [['--input', 'x=@nowhere'], /--input x=@nowhere cannot be read: nowhere is not there/],
    [['--input', 'y=1'], /has no input y\. There is: x, n/],
    [['--input', 'y=1', '--input', 'z=1'], /has no inputs y, z\. There is: x, n/],
    [['--input', 'x=1', '--input', 'n=1e999'], /the value of an input is wrong\n.*Must be a number/],
    [['--parallel', '0'], /--parallel 0: say how many, from 1 to 64/],
    [['--target', 'ssh:web', '--input', 'x=1'], /a\.md:\d+:\d+: `a` has `target=ssh:web`/],
  ];
  for (const [args, message] of wrong) {
    it(`for better options than ${args.join(' ')}`, async () => {
      await using place = await Place.make({
        'a.md':
          '---\ninputs: {x: string, n: {type: number, default: 1}}\n---\n' + runbook({ a: 'echo "$x"' }),
      });
      execFileSync('mkfifo', [join(place.path, 'pipe')]);
      const { code, stderr } = await place.run(['run', 'a.md', ...args]);
      assert.match(stderr, message);
      assert.equal(code, 2);
    });
  }

  const before = { 'b.md': runbook({ b: 'echo first' }), 'a.md': '' };
  before['a.md'] = `## Prerequisites\n\n- [b](b.md)\n- [gone](gone.md)\n\n${runbook({ a: 'echo then' })}`;

  it('before the first step to run what should have been run before; Enter runs nothing', async () => {
    await using place = await Place.make(before);
    const alone = await place.run(['run', 'a.md']);
    assert.deepEqual([alone.stdout, alone.code], ['then\n', 0]);
    assert.match(alone.stderr, /should have been run before:\n {2}b\.md {2}never run: handrail run b\.md\n/);
    assert.match(alone.stderr, /a\.md:4:3: It should be run after `gone\.md`, which is not there\./);
    using nothing = new Sitting(place, 'handrail run a.md');
    await nothing.sees('or run nothing (Enter)? ');
    nothing.type('\r');
    await nothing.sees('nothing was run');
    assert.equal(await nothing.ended, 130);
    using both = new Sitting(place, 'handrail run a.md');
    await both.sees('or run nothing (Enter)? ');
    both.type('f\r');
    await both.sees(/first[^]*then[^]*1 of 1 step run/);
    assert.equal(await both.ended, 0);
    assert.ok(!(await place.run(['run', 'a.md'])).stderr.includes('should have been'));
  });

  it('before what should have been run before for what that has before it, each once', async () => {
    const after = (name: string, ...others: string[]): string =>
      `## Prerequisites\n\n${others.map(one => `- [x](${one}.md)\n`).join('')}\n${runbook({ [name]: `echo ${name}` })}`;
    await using place = await Place.make({
      'a.md': after('a', 'b', 'c'),
      'b.md': after('b', 'c', 'a'),
      'c.md': runbook({ c: 'echo c' }),
    });
    const { stderr } = await place.run(['run', 'a.md']);
    assert.match(stderr, /before:\n {2}c\.md .*\n {2}b\.md .*\na /);
    using all = new Sitting(place, 'handrail run a.md');
    await all.sees('or run nothing (Enter)? ');
    all.type('f\r');
    assert.equal(await all.ended, 0);
    assert.match(all.screen, /✓ c[^]*✓ b[^]*✓ a/);
  });

  it('whether to roll back what a failed run has done, and says how to do so later', async () => {
    const text = runbook({ 'a rollback=undo': 'echo up', undo: 'echo down >undone', b: 'exit 3' });
    await using place = await Place.make({ 'a.md': text });
    const alone = await place.run(['run', 'a.md']);
    assert.match(alone.stderr, /resume: handrail resume (\w+) · undo: handrail resume --undo \1/);
    assert.doesNotMatch(alone.stderr, /Roll back/);
    using no = new Sitting(place, 'handrail run a.md', [200, 24]);
    await no.sees('Roll back a by undo? [y/N] ');
    no.type('\r');
    assert.equal(await no.ended, 1);
    assert.equal(existsSync(join(place.path, 'undone')), false);
    using yes = new Sitting(place, 'handrail run a.md', [200, 24]);
    await yes.sees('Roll back a by undo? [y/N] ');
    yes.type('y\r');
    assert.equal(await yes.ended, 1);
    assert.match(yes.screen, /✓ undo/);
    assert.equal(await place.read('undone'), 'down\n');
    const { stdout } = await place.run(['runs']);
    assert.match(stdout, /^\w+ +a · undoes \w+ /);
  });

  it('with --rollback what has passed is undone', async () => {
    await using place = await Place.make({
      'a.md': runbook({ 'a rollback=undo': 'echo up', undo: 'echo down', b: 'exit 3' }),
    });
    const kept = await place.run(['run', 'a.md']);
    assert.equal(kept.stdout, 'up\n');
    const { stdout, code } = await place.run(['run', 'a.md', '--rollback']);
    assert.equal(stdout, 'up\ndown\n');
    assert.equal(code, 1);
  });

  it('before the first step for what is required', async () => {
    await using place = await Place.make({
      'a.runbook.md': '---\nrequires: {node: ">=99", no-such-tool: "*"}\n---\n' + runbook({ a: 'echo ran' }),
    });
    const { stdout, stderr, code } = await place.run(['run', 'a.runbook.md']);
    assert.equal(stdout, '');
    assert.match(stderr, /a\.runbook\.md:2:12: node \d[\d.]* found, >=99 wanted/);
    assert.match(stderr, /no-such-tool is missing/);
    assert.equal(code, 1);
  });

  it('prints one plan, for people and for programs', async () => {
    await using place = await Place.make({ 'a.runbook.md': inputs });
    const { stdout } = await place.run(['run', '-n', '--jsonl', 'a.runbook.md', '--input', 'service=api']);
    const event = JSON.parse(stdout) as { type: string; plan: unknown };
    assert.equal(event.type, 'run.planned');
    const plan = PlanView.parse(event.plan);
    assert.equal(plan.inputs[0]?.value, 'api');
    const people = await place.run(['run', '-n', 'a.runbook.md', '--input', 'service=api']);
    assert.match(
      people.stdout,
      /inputs\n {2}service {2}api\n {2}count {2}\(asked for: --input count=VALUE\)/,
    );
    assert.match(people.stdout, /1 {2}show · bash {3}a\.runbook\.md:7\n {5}echo "\$service/);
    assert.equal(people.code, 0);
  });
});
