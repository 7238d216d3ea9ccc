import * as assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, Place, runbook } from './handrail';

const story = runbook({
  first: 'echo out; echo err >&2',
  second: 'exit 7',
  third: 'echo never',
});

describe('handrail run', () => {
  it('keeps streams apart, stops at the first failure and says where', async () => {
    await using place = await Place.make({ 'a.md': story });
    const { code, stdout, stderr } = await place.run(['run', 'a.md']);
    assert.equal(code, 1);
    assert.equal(stdout, 'out\n');
    assert.match(
      stderr,
      /^a · 3 steps · local\n\n▸ first\nerr\n✓ first {2}\d\.\d s\n\n▸ second\n✗ second {2}\d\.\d s {2}exit 7 {3}a\.md:\d+\n\n2 of 3 steps run/,
    );
  });

  it('prints only the list of steps with -q', async () => {
    await using place = await Place.make({ 'a.md': story });
    const { stdout, stderr } = await place.run(['run', '-q', 'a.md']);
    assert.equal(stdout, '');
    assert.match(stderr, /^✓ first .*\n✗ second .*\n$/);
  });

  const codes: [string, string, string[], number, RegExp][] = [
    ['all is well', runbook({ a: 'true' }), ['a.md'], 0, /1 of 1 step run/],
    ['a step fails', runbook({ a: 'false' }), ['a.md'], 1, /exit 1/],
    ['it goes on after a failure', runbook({ a: 'false', b: 'echo on' }), ['--keep-going', 'a.md'], 1, /✓ b/],
    ['the file is not there', '', ['b.md'], 2, /b\.md is not there/],
    ['the file is a folder', '', ['.'], 2, /is a folder/],
    ['there is no file', '', [], 2, /run what\?/],
    ['there is nothing to run', 'text only', ['a.md'], 2, /Nothing to run/],
    ['there is no such cell', runbook({ a: 'true' }), ['a.md', 'z'], 2, /no cell z\. There is: a/],
    ['an option is unknown', '', ['--nope'], 2, /unknown option '--nope'/],
    [
      'needs are cyclic',
      runbook({ 'a needs=b': 'true', 'b needs=a': 'true' }),
      ['a.md'],
      2,
      /a\.md:\d+:\d+: .*circle/,
    ],
    [
      'approval is missing',
      runbook({ 'a confirm="Really?"': 'true' }),
      ['a.md'],
      3,
      /a\.md:3: a: Really\? \(local, effect=change\) {2}--approve a\n/,
    ],
    ['all is approved', runbook({ 'a confirm': 'true' }), ['--yes', 'a.md'], 0, /✓ a/],
    ['it is approved by name', runbook({ 'a confirm': 'true' }), ['--approve', 'a', 'a.md'], 0, /✓ a/],
    ['another is approved', runbook({ 'a confirm': 'true' }), ['--approve', 'b', 'a.md'], 2, /no cell b/],
    ['it takes too long', runbook({ a: 'sleep 60' }), ['--timeout', '200ms', 'a.md'], 1, /timed out/],
    [
      'nobody could find what it leaves',
      runbook({ a: 'true', 'b background=detach': 'touch made' }),
      ['--no-record', 'a.md'],
      2,
      /a\.md:7:\d+: `b` outlives its run, and of a run that is not recorded nobody could list it/,
    ],
    ['time is nonsense', runbook({ a: 'true' }), ['--timeout', 'soon', 'a.md'], 2, /--timeout soon/],
  ];
  for (const [name, content, args, expected, said] of codes) {
    it(`exits with ${expected} when ${name}`, async () => {
      await using place = await Place.make({ 'a.md': content });
      const { code, stderr } = await place.run(['run', ...args]);
      assert.match(stderr, said);
      assert.equal(code, expected, stderr);
    });
  }

  const chosen: [string[], string][] = [
    [['a.md', 'two'], 'two\n'],
    [['a.md', '3', '1'], 'one\nthree\n'],
    [['a.md:8'], 'two\n'],
    [['a.md', '--tag', 'x'], 'two\nthree\n'],
    [['a.md', '--skip-tag', 'x'], 'one\n'],
    [['a.md', '--from', 'two'], 'two\nthree\n'],
    [['a.md', '--until', '2'], 'one\ntwo\n'],
  ];
  for (const [args, expected] of chosen) {
    it(`chooses cells: ${args.join(' ')}`, async () => {
      const cells = { one: 'echo one', 'two tags=x': 'echo two', 'three tags=x,y': 'echo three' };
      await using place = await Place.make({ 'a.md': runbook(cells) });
      assert.equal((await place.run(['run', ...args])).stdout, expected);
    });
  }

  it('reads standard input', async () => {
    await using place = await Place.make();
    const { code, stdout } = await place.run(['run', '-'], { input: runbook({ a: 'echo "in $PWD"' }) });
    assert.deepEqual([code, stdout], [0, `in ${place.path}\n`]);
  });

  it('works in another folder with -C', async () => {
    await using place = await Place.make();
    await mkdir(join(place.path, 'below'));
    const { stdout } = await place.run(['-C', 'below', 'run', '-'], { input: runbook({ a: 'echo "$PWD"' }) });
    assert.equal(stdout, `${place.path}/below\n`);
  });

  it('runs nothing with --dry-run, and prints the plan', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'touch made', 'b confirm': 'touch made' }) });
    const { code, stdout } = await place.run(['run', '-n', 'a.md']);
    assert.equal(code, 0);
    assert.match(stdout, /1 {2}a · bash .*a\.md:3\n {5}touch made\n2 {2}b · bash · asks Run b\?/);
    assert.equal(existsSync(join(place.path, 'made')), false);
  });

  it('leaves nothing but the audit log in the data folder with --no-record', async () => {
    await using place = await Place.make({ 'a.md': story });
    assert.equal((await place.run(['run', '--no-record', 'a.md'])).code, 1);
    const left = readdirSync(join(place.path, 'home', 'data'));
    assert.deepEqual(
      left.filter(name => !name.startsWith('audit.')),
      [],
    );
    const { stdout } = await place.run(['audit']);
    assert.match(stdout, / run\.started .*\n.* step\.started .*\n.* step\.ended /);
    assert.equal((await place.run(['audit', '--verify'])).code, 0);
  });

  it('says below its first line what is doubtful about the file', async () => {
    await using place = await Place.make({
      'a.md': `---\ntitle: [x\n---\n\n${runbook({ 'a timout=3s': 'true' })}`,
    });
    const { code, stderr } = await place.run(['run', 'a.md']);
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^.*1 step.*\na\.md:2:\d+: Front matter.*\na\.md:7:\d+: There is no attribute `timout`\. Did you mean `timeout`\?\n/,
    );
    const { stdout } = await place.run(['run', '--jsonl', 'a.md']);
    const started = JSON.parse(stdout.split('\n')[0] ?? '') as { warnings: { code: string }[] };
    assert.deepEqual(
      started.warnings.map(warning => warning.code),
      ['front-matter-syntax', 'unknown-attribute'],
    );
  });

  it('says that its folder cannot be made, and does not try for ever', async function () {
    if (process.platform !== 'linux') this.skip();
    await using place = await Place.make({ 'a.md': story });
    const child = place.start(['run', 'a.md'], { env: { HANDRAIL_HOME: '/proc/nope' } });
    const deadline = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const { code, stderr } = await child.ended;
    clearTimeout(deadline);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /\/proc\/nope.*HANDRAIL_HOME/);
  });

  it('leaves nothing of its own behind', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'sleep 300 & echo $! > pid' }) });
    assert.equal((await place.run(['run', 'a.md'])).code, 0);
    assert.deepEqual(await readdir(join(place.path, 'home', 'run'), { recursive: true }), ['cli-sessions']);
    const pid = Number(await place.read('pid'));
    await eventually(() => (isThere(pid) ? undefined : true));
  });

  it('leaves nothing of its sessions when it is killed: variables of shells, what a cell hands on', async () => {
    const text = 'secret=1; echo TOKEN=hush >> "$HANDRAIL_OUTPUT"; cp "$HANDRAIL_OUTPUT" seen; sleep 300';
    await using place = await Place.make({ 'a.md': runbook({ a: 'secret=1', b: text }) });
    const sessions = join(place.path, 'home', 'run', 'cli-sessions');
    const child = place.start(['run', 'a.md']);
    await eventually(async () => (await place.read('seen').catch(() => '')) || undefined, 30_000);
    const [left = ''] = await readdir(sessions);
    assert.notDeepEqual(await readdir(join(sessions, left)), []);
    child.kill('SIGKILL');
    await child.ended;
    await eventually(async () => (await readdir(sessions)).length === 0 || undefined, 30_000);
  });

  it('clears away what one left that was killed with its guardian', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'true' }) });
    const sessions = join(place.path, 'home', 'run', 'cli-sessions');
    await mkdir(join(sessions, '4194305@1', 'session-1'), { recursive: true, mode: 0o700 });
    assert.equal((await place.run(['run', 'a.md'])).code, 0);
    assert.deepEqual(await readdir(sessions), []);
  });

  for (const [signal, expected, cause] of [
    ['SIGINT', 130, 'cancelled by you'],
    ['SIGTERM', 143, 'ended by SIGTERM'],
    ['SIGHUP', 130, 'cancelled: the terminal was closed'],
  ] as const) {
    it(`cancels on ${signal}`, async () => {
      await using place = await Place.make({
        'a.md': runbook({ a: 'echo $$ > pid; sleep 300', b: 'echo never' }),
      });
      const child = place.start(['run', 'a.md']);
      const pid = await eventually(async () => Number(await place.read('pid').catch(() => '')) || undefined);
      child.kill(signal);
      const { code, stdout, stderr } = await child.ended;
      assert.equal(code, expected, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, /✗ a .*cancelled/);
      assert.ok(stderr.includes(`${cause} at step 1 of 2`), stderr);
      assert.equal(isThere(pid), false);
    });
  }

  it('kills at the second Ctrl-C what ignores the first', async () => {
    const deaf = `trap '' INT TERM; echo $$ > pid; for i in $(seq 600); do sleep 0.1; done`;
    await using place = await Place.make({ 'a.md': runbook({ a: deaf }) });
    const child = place.start(['run', 'a.md']);
    const pid = await eventually(async () => Number(await place.read('pid').catch(() => '')) || undefined);
    let said = '';
    child.stderr?.on('data', chunk => (said += String(chunk)));
    child.kill('SIGINT');
    await eventually(() => said.includes('Ctrl-C again to kill') || undefined);
    // What follows at once counts as the same press, and how late a signal arrives nobody knows.
    const pressing = setInterval(() => child.kill('SIGINT'), 200);
    const { code } = await child.ended.finally(() => clearInterval(pressing));
    assert.deepEqual([code, isThere(pid)], [130, false]);
  });

  it('ends when nobody reads its output any more', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'yes' }) });
    const child = place.start(['run', 'a.md']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const code = await new Promise(resolve => child.once('exit', resolve));
    assert.equal(code, 130);
  });

  it('makes the cell wait for a slow reader, and loses nothing', async () => {
    const count = 'for i in $(seq 300); do head -c 100000 /dev/zero; echo $i > at; done';
    await using place = await Place.make({ 'a.md': runbook({ a: count }) });
    const child = place.start(['run', 'a.md'], { collect: false });
    const at = (): Promise<number> => place.read('at').then(Number, () => 0);
    // One that waited for nobody would come to its end, however slow the machine is.
    let stuck = { at: 0, looks: 0 };
    await eventually(async () => {
      const now = await at();
      stuck = now > 0 && now === stuck.at ? { at: now, looks: stuck.looks + 1 } : { at: now, looks: 0 };
      return stuck.looks > 100 || undefined;
    }, 30_000);
    assert.ok(stuck.at < 100, `the cell went on to ${stuck.at}`);
    const resident = (await residentOf(child.pid ?? 0)) ?? 0;
    assert.ok(resident < 200 * 1024 * 1024, `${resident} bytes resident`);
    let length = 0;
    child.stdout?.on('data', chunk => (length += (chunk as Buffer).length));
    child.stderr?.resume();
    assert.equal((await child.ended).code, 0);
    assert.equal(length, 30_000_000);
  });

  it('keeps the bytes of a cell as they are', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: `printf '\\377\\000\\n\\303'` }) });
    const child = place.start(['run', 'a.md']);
    const chunks: Buffer[] = [];
    child.stdout?.on('data', chunk => chunks.push(chunk as Buffer));
    await child.ended;
    assert.deepEqual(Buffer.concat(chunks), Buffer.from([0xff, 0, 0x0a, 0xc3]));
    const shown = await place.run(['show', 'last', '--output', 'a']);
    assert.equal(shown.stdout.length, 4);
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Bytes; on systems without /proc nothing is measured. */
async function residentOf(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) * 1024;
}
