import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Place, runbook } from './handrail';

describe('handrail runs and show', () => {
  it('lists runs and shows what came of them', async () => {
    const cells = { good: 'echo fine; cd /', bad: 'echo "it broke" >&2; exit 5', last: 'true' };
    await using place = await Place.make({ 'a.md': runbook(cells), 'b.md': runbook({ b: 'true' }) });
    await place.run(['run', 'a.md']);
    await place.run(['run', 'b.md']);

    const table = (await place.run(['runs'])).stdout;
    assert.match(table, /^\w+ {2}b {2}✓ \d\.\d s +\d+ s ago\n\w+ {2}a {2}✗ bad · \d\.\d s +\d+ s ago\n$/);
    const listed = JSON.parse((await place.run(['runs', '--json'])).stdout) as {
      id: string;
      state: string;
    }[];
    assert.deepEqual(
      listed.map(({ state }) => state),
      ['passed', 'failed'],
    );
    assert.match((await place.run(['runs', '--state', 'failed'])).stdout, /^\w+ {2}a .*\n$/);
    assert.match((await place.run(['runs', '--file', 'b.md'])).stdout, /^\w+ {2}b .*\n$/);
    assert.match((await place.run(['runs', '--limit', '1'])).stdout, /^\w+ {2}b .*\n$/);

    const id = listed[1]?.id ?? '';
    const shown = (await place.run(['show', id.slice(0, 6)])).stdout;
    assert.match(shown, /^A runbook · failed · 3 steps/);
    assert.match(
      shown,
      /✓ good .*\n✗ bad {2}\d\.\d s {2}exit 5 {3}a\.md:\d+\n {2}it broke\n○ last {2}not run\n/,
    );
    const record = JSON.parse((await place.run(['show', id, '--json'])).stdout) as {
      steps: { exit: number }[];
    };
    assert.equal(record.steps[1]?.exit, 5);
    const { stdout, stderr } = await place.run(['show', id, '--output']);
    assert.deepEqual([stdout, stderr], ['fine\n', 'it broke\n']);
    assert.match(
      (await place.run(['show', id, '--output', 'nope'])).stderr,
      /no step nope\. It has: good, bad, last/,
    );
  });

  it('says of a failure what is not as it was when the step last passed', async () => {
    await using place = await Place.make({ 'a.md': runbook({ check: 'test -e marker' }), marker: '' });
    assert.equal((await place.run(['run', 'a.md'])).code, 0);
    await writeFile(join(place.path, 'a.md'), runbook({ check: 'test -e other' }));
    const { stderr } = await place.run(['run', 'a.md']);
    assert.match(stderr, /✗ check .*\n {2}passed \d+ s ago; since then: cell edited\n/);
    assert.match((await place.run(['show', 'last'])).stdout, /since then: cell edited/);
    assert.match((await place.run(['report', 'last'])).stdout, /since then: cell edited/);
  });

  it('tells of a run whose process was killed, with its output up to then', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'echo so far; sleep 300' }) });
    const child = place.start(['run', 'a.md'], { collect: false });
    await new Promise(resolve => child.stdout?.once('data', resolve));
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.kill('SIGKILL');
    await child.ended;
    assert.match((await place.run(['runs'])).stdout, /a {2}✗ interrupted/);
    assert.match((await place.run(['show', 'last'])).stdout, /✗ a .*interrupted.*\n {2}so far\n/);
  });

  it('looks at a history that is not there without making one', async () => {
    await using place = await Place.make();
    assert.deepEqual(await place.run(['runs', '--json']).then(({ code, stdout }) => [code, stdout]), [
      0,
      '[]\n',
    ]);
    assert.match((await place.run(['show', 'last'])).stderr, /there is no run yet/);
  });
});

describe('handrail list', () => {
  it('lists what git does not ignore', async () => {
    await using place = await Place.make({
      'a.md': runbook({ 'one tags=x background': 'true' }),
      'text.md': '# nothing to run\n',
      '.gitignore': 'out/\n*.tmp.md\n!keep.tmp.md\n',
      'x.tmp.md': runbook({ x: 'true' }),
      'keep.tmp.md': runbook({ keep: 'true' }),
    });
    for (const folder of ['out', 'node_modules', 'docs']) {
      await mkdir(join(place.path, folder));
      await writeFile(join(place.path, folder, 'n.md'), runbook({ n: 'true' }));
    }
    const found = JSON.parse((await place.run(['list', '--json'])).stdout) as {
      file: string;
      cells: object[];
    }[];
    assert.deepEqual(
      found.map(({ file }) => file.slice(place.path.length + 1)),
      ['a.md', 'docs/n.md', 'keep.tmp.md'],
    );
    assert.deepEqual(found[0]?.cells, [
      {
        name: 'one',
        language: 'bash',
        line: 3,
        section: ['A runbook'],
        attributes: { name: 'one', tags: 'x', background: true },
      },
    ]);
    assert.match(
      (await place.run(['list', 'docs'])).stdout,
      /^docs\/n\.md {2}A runbook\n {2}n {2}bash {2}3\n$/,
    );
    assert.equal((await place.run(['list', 'nowhere'])).code, 2);
    execFileSync('mkfifo', [join(place.path, 'pipe.md')]);
    assert.equal(
      (await place.run(['list', 'pipe.md'])).stderr,
      'handrail: pipe.md is a pipe or a device, not a file\n',
    );
    // One among others keeps nothing from being listed, nor do rules that are no file.
    execFileSync('mkfifo', [join(place.path, 'docs/.gitignore')]);
    assert.match((await place.run(['list'])).stdout, /^docs\/n\.md/m);
  });
});
