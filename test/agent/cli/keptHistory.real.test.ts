import * as assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLocks } from '../../../agent/store/locks';
import { startTimeOf } from '../../../agent/processTable';
import { eventually, Place, runbook } from './handrail';

describe('what a run leaves in the history', () => {
  it('can be searched, gone on with, repeated and verified', async () => {
    const cells = { one: 'x=7; echo first', two: 'echo "x is $x"; test -e ok', three: 'echo "last x is $x"' };
    await using place = await Place.make({ 'a.md': runbook(cells) });
    assert.equal((await place.run(['run', 'a.md'])).code, 1);
    assert.match((await place.run(['runs', '--search', '"x is 7"'])).stdout, / {2}✗ two .* {2}x is 7\n$/);
    await writeFile(join(place.path, 'ok'), '');
    const resumed = await place.run(['resume', 'last']);
    assert.deepEqual([resumed.code, resumed.stdout], [0, 'x is 7\nlast x is 7\n']);
    assert.match((await place.run(['show', 'last'])).stdout, /^resumes \w+$/m);
    assert.match((await place.run(['resume', 'last'])).stderr, /nothing to go on with.*resume --all/);
    const again = await place.run(['resume', '--all', 'last']);
    assert.deepEqual([again.code, again.stdout], [0, 'first\nx is 7\nlast x is 7\n']);
    assert.match((await place.run(['audit'])).stdout, / run\.started .*\n.* step\.started {2,}one /);
    assert.equal((await place.run(['audit', '--verify'])).code, 0);
  });

  it('of a runbook from standard input says what to do instead of going on with it', async () => {
    await using place = await Place.make();
    await place.run(['run', '-'], { input: runbook({ one: 'true', two: 'false', three: 'true' }) });
    const { code, stderr } = await place.run(['resume', 'last']);
    assert.equal(code, 2);
    assert.match(stderr, /run \w+ had its runbook from standard input.*handrail run FILE\.md --from two/);
  });

  it('has a lock that nobody here can see the holder of, until a person releases it', async () => {
    await using place = await Place.make({
      'a.md': runbook({ 'one lock=shop timeout=1s': 'echo mine; sleep 60' }),
    });
    assert.equal((await place.run(['locks'])).stderr, 'No lock is held.\n');
    const locks = openLocks(join(place.env['HANDRAIL_HOME'] ?? '', 'run'));
    const host = { pid: 1, startTime: '1~otherboo~7~otherhos' };
    locks.take('shop', { run: 'abcd1234', file: '/b/deploy.md', step: 'x', user: 'ana', since: 5, host });
    const waited = await place.run(['run', 'a.md']);
    assert.match(waited.stderr, /held by run abcd.*If that run is gone: handrail locks --release shop/s);
    assert.match((await place.run(['locks'])).stdout, /^shop +abcd1234 +\/b\/deploy\.md/);
    assert.match(
      (await place.run(['locks', '--release', 'shop'])).stderr,
      /^Released: shop, held by abcd1234/,
    );
    assert.match((await place.run(['locks', '--release', 'shop'])).stderr, /nobody holds lock shop/);
    assert.match((await place.run(['audit'])).stdout, / lock\.released +shop +run=abcd1234/);
    const going = place.start(['run', 'a.md', '--timeout', '1m']);
    going.stdout?.resume();
    await eventually(() => locks.list()[0]);
    assert.match(
      (await place.run(['locks', '--release', 'shop'])).stderr,
      /holds lock shop and goes on.*handrail cancel/,
    );
    going.kill('SIGINT');
    await going.ended;
    locks.close();
  });

  it('is nowhere a secret: not as it is, nor in base64', async () => {
    const secret = 'Zx9-kQ7_vT2/mB4+wL8';
    const text = `---\nsecrets:\n  TOKEN: env:PLACE_TOKEN\n---\n${runbook({
      use: 'echo "token $TOKEN"; printf %s "$TOKEN" | base64; export COPY="a $TOKEN"; echo "$TOKEN" >&2; false $TOKEN',
    })}`;
    await using place = await Place.make({ 'a.md': text });
    const { stdout, stderr } = await place.run(['run', 'a.md'], { env: { PLACE_TOKEN: secret } });
    const forms = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)];
    const home = place.env['HANDRAIL_HOME'] ?? '';
    const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter(each =>
      each.isFile(),
    );
    assert.ok(files.some(({ name }) => name === 'history.db') && files.length > 3);
    for (const form of forms) {
      assert.ok(!`${stdout}${stderr}`.includes(form), 'in what was printed');
      for (const { parentPath, name } of files) {
        const content = await readFile(join(parentPath, name), 'latin1');
        assert.ok(!content.includes(form), `in ${join(parentPath, name)}`);
      }
    }
    assert.match(stdout, /token •••/);
  });

  it('tells what runs on after a run, and cancel ends it', async () => {
    await using place = await Place.make({
      'a.md': runbook({
        'web background=detach': 'echo it is up; echo oh >&2; echo $$ > pid; exec sleep 300',
      }),
    });
    const begun = await place.run(['run', 'a.md']);
    assert.equal(begun.code, 0);
    assert.match(begun.stderr, /1 of 1 step run · .* · web goes on, to stop: handrail cancel \w+\n$/);
    const pid = await eventually(async () => Number(await place.read('pid').catch(() => '')) || undefined);
    assert.match(
      (await place.run(['show', 'last'])).stdout,
      /runs on after the run; to stop it: handrail cancel \w+/,
    );
    const told = await place.run(['runs']);
    assert.match(told.stdout, /web goes on/);
    assert.match(told.stderr, /handrail cancel RUN/);
    assert.match((await place.run(['runs', '--json'])).stdout, /"detached": \[\s+"web"/);
    const printed = (): Promise<string> =>
      place.run(['show', 'last', '--output']).then(({ stdout }) => stdout);
    await eventually(async () => (await printed()) === 'it is up\noh\n' || undefined);
    assert.match((await place.run(['cancel', 'last'])).stderr, /web of \w+ is stopped/);
    assert.equal(await printed(), 'it is up\noh\n');
    assert.equal(startTimeOf(pid), undefined);
    assert.match((await place.run(['cancel', 'last'])).stderr, /has ended already: passed/);
  });

  it('cancels a run of another terminal, and begins no agent for that', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'touch going; sleep 300', b: 'true' }) });
    const { ended } = place.start(['run', 'a.md']);
    await eventually(
      async () => (await place.read('going').catch(() => undefined)) !== undefined || undefined,
    );
    const { code, stderr } = await place.run(['cancel', 'last']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /is being cancelled/);
    assert.notEqual((await ended).code, 0);
    assert.match((await place.run(['show', 'last'])).stdout, / · cancelled · /);
    assert.match((await place.run(['agent', 'status'])).stderr, /no agent runs/);
  });

  it('ends with a run that was resumed what the run before it left running', async () => {
    const steps = { 'web background=detach': 'echo $$ > pid; exec sleep 300', b: 'exit 1' };
    await using place = await Place.make({ 'a.md': runbook(steps) });
    assert.equal((await place.run(['run', 'a.md'])).code, 1);
    await writeFile(join(place.path, 'a.md'), runbook({ ...steps, b: 'true' }));
    assert.equal((await place.run(['resume', 'last'])).code, 0);
    const pid = Number(await place.read('pid'));
    assert.notEqual(startTimeOf(pid), undefined);
    assert.match((await place.run(['cancel', 'last'])).stderr, /web of \w+ is stopped/);
    assert.equal(startTimeOf(pid), undefined);
  });
});
