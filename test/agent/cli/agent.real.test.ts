import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, Place, program, runbook } from './handrail';

const counting = runbook({
  count: 'for i in $(seq 20); do echo "number $i"; sleep 0.05; done',
  fail: 'exit 4',
});
const numbers = Array.from({ length: 20 }, (_each, at) => `number ${at + 1}\n`).join('');

describe('handrail and the agent', () => {
  it('hands a run over and follows it from its beginning', async () => {
    await using place = await Place.make({ 'a.md': counting });
    const started = await place.run(['run', '--detach', 'a.md']);
    const id = started.stdout.trim();
    assert.deepEqual([started.code, started.stdout], [0, `${id}\n`]);
    assert.match(started.stderr, new RegExp(`handrail attach ${id}`));
    const followed = await place.run(['attach', id]);
    assert.deepEqual([followed.code, followed.stdout], [1, numbers]);
    assert.match(followed.stderr, /▸ count\n✓ count .*\n\n▸ fail\n✗ fail .*exit 4/);
    const again = await place.run(['attach', 'last', '--jsonl']);
    const types = again.stdout
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as { type: string }).type);
    assert.equal(types[0], 'run.started');
    assert.equal(types.at(-1), 'run.finished');
  });

  it('says what is doubtful about a file whose run it hands over', async () => {
    await using place = await Place.make({ 'a.md': runbook({ 'a timout=3s': 'true' }) });
    const warning = /^a\.md:3:\d+: There is no attribute `timout`\. Did you mean `timeout`\?\nfollow it/;
    assert.match((await place.run(['run', '--detach', 'a.md'])).stderr, warning);
    assert.equal((await place.run(['run', '-q', '--detach', 'a.md'])).stderr, '');
  });

  it('hands a run over from within a cell, which the end of the cell does not end', async () => {
    const handrail = `"${process.execPath}" "${program}"`;
    await using place = await Place.make({
      'inner.md': runbook({ a: 'echo $$ > pid; until [ -e stop ]; do sleep 0.05; done' }),
      'outer.md': runbook({
        a: `${handrail} run -q --detach inner.md && until [ -s pid ]; do sleep 0.05; done`,
      }),
    });
    const outer = await place.run(['run', 'outer.md']);
    assert.equal(outer.code, 0, outer.stderr);
    await writeFile(join(place.path, 'stop'), '');
    const followed = await place.run(['attach', outer.stdout.trim()]);
    assert.equal(followed.code, 0, followed.stderr);
    if (process.platform !== 'linux') return;
    const { pid } = JSON.parse((await place.run(['agent', 'status', '--json'])).stdout) as { pid: number };
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
    assert.doesNotMatch(environment, /HANDRAIL_(HOST|CELL|RUN|STEP|FILE)=/);
  });

  const within: [string, string][] = [
    // Its parent has gone.
    ['by a command that has ended', 'handrail agent start; echo > ready; sleep 300'],
    // Its parent is in the cell: the run that it follows is its own.
    ['by a command that still runs', '(handrail attach last > /dev/null; echo) & echo > ready; sleep 300'],
  ];
  for (const [how, text] of within) {
    it(`started within a cell ${how}, outlives the cell`, async () => {
      const cell = text.replace('handrail', `"${process.execPath}" "${program}"`);
      await using place = await Place.make({ 'a.md': runbook({ a: cell }) });
      const outer = place.start(['run', 'a.md']);
      const pid = await eventually(async () => {
        if (!existsSync(join(place.path, 'ready'))) return undefined;
        const status = await place.run(['agent', 'status', '--json']);
        return (JSON.parse(status.stdout) as { pid: number } | null)?.pid;
      });
      outer.kill('SIGTERM');
      assert.equal((await outer.ended).code, 143);
      const { stdout } = await place.run(['agent', 'status', '--json']);
      assert.equal((JSON.parse(stdout) as { pid: number } | null)?.pid, pid);
    });
  }

  it('cancels a run, and the follower exits with 130', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'echo going; sleep 300' }) });
    await place.run(['run', '-q', '--detach', 'a.md']);
    const follower = place.start(['attach', 'last']);
    await new Promise(resolve => follower.stdout?.once('data', resolve));
    assert.equal((await place.run(['cancel', 'last'])).code, 0);
    const { code, stderr } = await follower.ended;
    assert.equal(code, 130);
    assert.match(stderr, /✗ a .*cancelled/);
  });

  it('lets the run go on when the follower leaves', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'echo going; sleep 300' }) });
    await place.run(['run', '-q', '--detach', 'a.md']);
    const follower = place.start(['attach', 'last'], { collect: false });
    await new Promise(resolve => follower.stdout?.once('data', resolve));
    follower.kill('SIGINT');
    assert.equal((await follower.ended).code, 130);
    const { stdout } = await place.run(['runs', '--json']);
    assert.equal((JSON.parse(stdout) as { state: string }[])[0]?.state, 'running');
    await place.run(['cancel', 'last']);
    await eventually(async () => (await place.run(['runs', '--state', 'cancelled'])).stdout || undefined);
  });

  it('starts, tells of, and stops the agent', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'sleep 300' }) });
    assert.equal((await place.run(['agent', 'status'])).code, 1);
    assert.equal((await place.run(['agent', 'stop'])).code, 0);
    assert.match((await place.run(['agent', 'start'])).stderr, /the agent runs, pid \d+/);
    const status = JSON.parse((await place.run(['agent', 'status', '--json'])).stdout) as Record<
      string,
      unknown
    >;
    for (const key of ['pid', 'version', 'socket', 'clients', 'runs']) assert.ok(key in status, key);
    assert.match((await place.run(['doctor'])).stdout, new RegExp(`agent .*pid ${String(status['pid'])}`));
    assert.match((await place.run(['agent', 'log', '--lines', '3'])).stdout, /^(.+\n){1,3}$/);
    await place.run(['run', '-q', '--detach', 'a.md']);
    const refused = await place.run(['agent', 'stop']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /busy/);
    assert.equal((await place.run(['agent', 'stop', '--force'])).code, 0);
    assert.equal((await place.run(['agent', 'status'])).code, 1);
  });

  it('says when there is no such run', async () => {
    await using place = await Place.make();
    for (const command of ['attach', 'cancel', 'show']) {
      const { code, stderr } = await place.run([command, 'beef']);
      assert.equal(code, 2, command);
      assert.match(stderr, /beef/);
    }
  });
});
