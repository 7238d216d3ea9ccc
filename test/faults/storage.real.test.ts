import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Place, runbook } from '../agent/cli/handrail';
import { waitFor } from '../support/waitFor';
import { connect, detach, holds, printed, shown, states } from './scene';

const { DatabaseSync } = process.getBuiltinModule('node:sqlite');

const book = runbook({ one: 'echo one; echo one >>ran', two: 'echo two; echo two >>ran' });

describe('fault 5: a disk or a history in trouble', function () {
  this.timeout(60_000);
  let place: Place;
  let data: string;
  let mounted = false;

  beforeEach(async () => {
    place = await Place.make({ 'a.md': book });
    data = join(place.env['HANDRAIL_HOME'] ?? '', 'data');
    mkdirSync(data, { recursive: true, mode: 0o700 });
    chmodSync(join(data, '..'), 0o700);
    mounted = false;
  });
  afterEach(async () => {
    // Lazily: an agent may still have files open in it.
    if (mounted) execFileSync('umount', ['-l', data]);
    await place[Symbol.asyncDispose]();
  });

  /** A disk of its own for the history; skips where that is not ours to make. */
  function disk(test: Mocha.Context, size = '4m'): void {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) test.skip();
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', data]);
    mounted = true;
  }
  const remount = (options: string): unknown => execFileSync('mount', ['-o', `remount,${options}`, data]);
  const sql = (text: string): void => {
    const db = new DatabaseSync(join(data, 'history.db'));
    db.exec(text);
    db.close();
  };

  type Trouble = [what: string, make: (test: Mocha.Context) => void, said: RegExp];
  const refusals: Trouble[] = [
    ['on a full disk', test => (disk(test), fill(data)), /No space is left/],
    ['that can only be read', test => (disk(test), remount('ro')), /read-only|access is denied/],
    ['of a newer version', () => sql('PRAGMA user_version = 99'), /newer Handrail/],
    [
      'in a place where a file is',
      () => (rmSync(data, { recursive: true }), writeFileSync(data, '')),
      /file/,
    ],
  ];
  for (const [what, make, said] of refusals) {
    it(`a history ${what}: nothing runs unrecorded, and both faces say why and what to do`, async function () {
      make(this);
      for (const args of [
        ['run', 'a.md'],
        ['run', '--detach', 'a.md'],
      ]) {
        const { code, stdout, stderr } = await place.run(args);
        assert.deepEqual([code === 0, stdout], [false, ''], stderr);
        assert.match(stderr, said);
        assert.ok(!/^\s+at /m.test(stderr), stderr);
      }
      assert.equal(existsSync(join(place.path, 'ran')), false);
      const unrecorded = await place.run(['run', '--no-record', 'a.md']);
      assert.equal(unrecorded.code, 0);
      // Said where it is so: a history may be unusable and the audit log not.
      const logged = (await place.run(['audit'])).stdout.includes('step.ended');
      assert.equal(
        /Not all of this run is in the audit log/.test(unrecorded.stderr),
        !logged,
        unrecorded.stderr,
      );
      assert.equal(await place.read('ran'), 'one\ntwo\n');
    });
  }

  it('a history that is corrupt: set aside and said, and the run goes on in a new one', async () => {
    for (const args of [
      ['run', 'a.md'],
      ['run', '--detach', 'a.md'],
    ]) {
      writeFileSync(join(data, 'history.db'), 'no database at all, but more than a header. '.repeat(200));
      for (const name of ['history.db-wal', 'history.db-shm']) rmSync(join(data, name), { force: true });
      const { code, stderr } = await place.run(args);
      assert.equal(code, 0, stderr);
      if (args.includes('--detach')) await place.run(['attach', 'last']);
      else assert.match(stderr, /damaged.*new one/);
      assert.equal((await shown(place)).state, 'passed');
    }
    assert.equal(readdirSync(data).filter(name => name.includes('damaged')).length, 2);
  });

  it('a disk that fills while a step runs in a terminal: that step ends, no other starts, nothing false is told', async function () {
    disk(this);
    const fillHere = `head -c 100M /dev/zero >${data}/filler; echo one >>ran`;
    writeFileSync(
      join(place.path, 'a.md'),
      runbook({
        one: `echo before; sleep 0.2; ${fillHere}; seq 1 20000; exit 0`,
        two: 'echo two >>ran',
      }).replace('one}', 'one strict=false}'),
    );
    const { code, stdout, stderr } = await place.run(['run', 'a.md']);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /No space is left/);
    assert.match(stdout, /^before\n1\n2\n[^]*\n20000\n$/);
    assert.equal(await place.read('ran'), 'one\n');
    const doctor = await place.run(['doctor']);
    assert.equal(doctor.code, 1);
    assert.match(doctor.stdout, /data folder +[01] MiB are left on the disk/);
    rmSync(join(data, 'filler'));
    const { state, steps } = await shown(place);
    // What a person was told is what the history says, so that nothing is done twice.
    assert.match(stderr, /^✓ one/m);
    assert.deepEqual([state, steps[0]?.state, steps[1]?.state], ['failed', 'passed', 'failed']);
    assert.match(steps[1]?.message ?? '', /^It was not started\. No space is left/);
    assert.match(await printed(place), /^before\n/);
    assert.equal((await place.run(['runs'])).code, 0);
    const resumed = await place.run(['resume', 'last']);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(await place.read('ran'), 'one\ntwo\n');
    rmSync(join(place.path, 'ran'));
    writeFileSync(join(place.path, 'a.md'), book);
    assert.equal((await place.run(['run', 'a.md'])).code, 0);
    assert.equal((await place.run(['audit', '--verify'])).code, 0);
  });

  it('a disk that fills while the agent runs a step: once there is room the history has the outcome', async function () {
    disk(this);
    const fillHere = `head -c 100M /dev/zero >${data}/filler; echo filled >>ran; until [ -e go ]; do sleep 0.02; done`;
    writeFileSync(
      join(place.path, 'a.md'),
      runbook({
        one: `echo before; sleep 0.2; ${fillHere}; seq 1 20000; exit 0`,
        two: 'echo two >>ran',
      }).replace('one}', 'one strict=false}'),
    );
    const run = await detach(place, 'a.md');
    await holds(place, 'ran', 'filled');
    writeFileSync(join(place.path, 'go'), '');
    const agent = await connect(place);
    const { code, stderr } = await place.run(['attach', run]);
    assert.equal(code, 1, stderr);
    rmSync(join(data, 'filler'));
    assert.equal(await place.read('ran'), 'filled\n');
    // What could not be written is written by the next change of the history.
    writeFileSync(join(place.path, 'a.md'), book);
    await detach(place, 'a.md');
    await waitFor('the next run', async () => (await shown(place)).state === 'passed');
    const earlier = await shown(place, run);
    assert.equal(earlier.state, 'failed');
    assert.deepEqual(states(earlier).slice(1).includes('two passed'), false);
    agent.dispose();
  });

  it('a history that is locked for a moment in mid-run: the run waits for it, and nothing is lost', async () => {
    const cells = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`s${at}`, `echo ${at} | tee -a ran`]),
    );
    writeFileSync(join(place.path, 'a.md'), runbook(cells));
    const { ended } = place.start(['run', 'a.md']);
    await holds(place, 'ran', '5\n');
    const db = new DatabaseSync(join(data, 'history.db'), { timeout: 5000 });
    db.exec('BEGIN EXCLUSIVE');
    const so = (await place.read('ran')).length;
    await new Promise(resolve => setTimeout(resolve, 700));
    assert.ok((await place.read('ran')).length < so + 8, 'it waited');
    db.exec('ROLLBACK');
    db.close();
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
    const { state, steps } = await shown(place);
    assert.deepEqual([state, steps.filter(step => step.state === 'passed').length], ['passed', 20]);
    assert.equal(await printed(place), await place.read('ran'));
  });

  it('a history that stays locked: no step starts that cannot be recorded', async () => {
    assert.equal((await place.run(['run', 'a.md'])).code, 0);
    const db = new DatabaseSync(join(data, 'history.db'));
    db.exec('BEGIN EXCLUSIVE');
    try {
      const { code, stdout, stderr } = await place.run(['run', 'a.md']);
      assert.deepEqual([code === 0, stdout], [false, '']);
      assert.match(stderr, /locked|in use|another process/i);
      assert.equal((await shown(place)).state, 'passed', 'it can still be read');
    } finally {
      db.exec('ROLLBACK');
      db.close();
    }
    assert.equal(await place.read('ran'), 'one\ntwo\n');
  });

  it('a home that is full altogether, with the files of sessions: said, and nothing runs by halves', async function () {
    const home = place.env['HANDRAIL_HOME'] ?? '';
    data = home;
    disk(this, '1m');
    fill(home);
    const { code, stdout, stderr } = await place.run(['run', '--no-record', 'a.md']);
    assert.deepEqual([code === 0, stdout], [false, ''], stderr);
    assert.match(stderr, /space/i);
    assert.equal(existsSync(join(place.path, 'ran')), false);
    const detached = await place.run(['run', '--detach', 'a.md']);
    assert.notEqual(detached.code, 0);
    assert.match(detached.stderr, /space|full/i);
  });
});

function fill(folder: string): void {
  try {
    for (let size = 1 << 20; ;) writeFileSync(join(folder, 'filler'), Buffer.alloc(size), { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
