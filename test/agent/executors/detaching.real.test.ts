import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CellSpec, DetachedProcess } from '../../../agent/executors/executor';
import { commandOf, hasInEnvironment, listProcesses, startTimeOf } from '../../../agent/processTable';
import { createHarness, type Harness, until } from './harness';

describe('detached cells', () => {
  let harness: Harness;
  const pids: number[] = [];
  beforeEach(async () => void (harness = await createHarness()));
  afterEach(async () => {
    for (const pid of pids.splice(0)) if (startTimeOf(pid) !== undefined) process.kill(-pid, 'SIGKILL');
    await harness.close();
  });

  const log = () => join(harness.folder, 'out.log');
  const detach = async (spec: Partial<CellSpec>) => {
    const outcome = await harness.session.detach(
      {
        language: 'bash',
        text: '',
        file: '/docs/book.md',
        line: 3,
        env: { HANDRAIL_RUN: 'r' },
        strict: true,
        terminal: undefined,
        ...spec,
      },
      { log: log(), mark: 'HANDRAIL_DETACHED=r.1' },
    );
    if ('pid' in outcome) pids.push(outcome.pid);
    return outcome;
  };
  const begun = async (spec: Partial<CellSpec>): Promise<DetachedProcess> => {
    const outcome = await detach(spec);
    assert.ok('pid' in outcome, JSON.stringify(outcome));
    return outcome;
  };
  const written = () => (existsSync(log()) ? readFileSync(log(), 'utf8') : '');
  const parent = (pid: number) => /\d+ \(.*\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

  it('outlive the session, unmarked, with their output in the log', async () => {
    await harness.run({ text: 'V=kept; cd /usr; umask 027' });
    const { pid, startTime } = await begun({
      text: 'echo $V $PWD $(umask) $HANDRAIL_RUN $$; echo err >&2; read x; echo "read $?"; sleep 371',
      strict: false,
    });
    await until(() => written().includes('read'));
    assert.equal(written(), `kept /usr 0027 r ${pid}\nerr\nread 1\n`);
    assert.equal(statSync(log()).mode & 0o777, 0o600);
    assert.equal(startTimeOf(pid), startTime);
    assert.equal(hasInEnvironment(pid, '\nHANDRAIL_HOST='), false);
    assert.equal(hasInEnvironment(pid, '\nHANDRAIL_CELL='), false);
    assert.notEqual(parent(pid), String(process.pid));
    assert.deepEqual(await harness.session.processes(), []);
    await harness.session.close();
    assert.equal(startTimeOf(pid), startTime);
  });

  it('print on and on, into a file that says where it was cut', async () => {
    const text = 'dd if=/dev/zero bs=1048576 count=80 2>/dev/null | tr "\\0" x; echo; echo over; sleep 373';
    await begun({ text, strict: false });
    await until(() => written().includes('over'), 30_000);
    assert.match(
      written(),
      /^\[handrail: what was printed before this is in .*out\.log\.1\. What came before that is not/,
    );
    const sizes = [log(), `${log()}.1`].map(path => statSync(path).size);
    assert.ok(Math.max(...sizes) < 40 << 20, String(sizes));
    assert.equal(statSync(log()).mode & 0o777, 0o600);
  });

  it('leave nothing of ours behind, also where their log is gone', async () => {
    const relays = () =>
      listProcesses().filter(({ pid }) => commandOf(pid).includes(`handrail-log ${log()}`));
    const { pid } = await begun({ text: 'while sleep 0.05; do echo on; done' });
    await until(() => written().includes('on'));
    assert.equal(relays().length, 1);
    rmSync(harness.folder, { recursive: true, maxRetries: 20, retryDelay: 100 });
    process.kill(-pid, 'SIGKILL');
    await until(() => relays().length === 0, 20_000);
  });

  it('are ended with all that they started, also what left their group and ignores SIGTERM', async () => {
    const text = 'trap "" TERM; setsid sleep 374 & echo $! >started; sleep 375';
    await harness.run({ text: `cd ${harness.folder}` });
    const outcome = await detach({ text });
    assert.ok('end' in outcome);
    await until(() => existsSync(join(harness.folder, 'started')));
    const child = Number(readFileSync(join(harness.folder, 'started'), 'utf8'));
    assert.notEqual(startTimeOf(child), undefined);
    assert.deepEqual(await outcome.end(), {});
    assert.deepEqual([startTimeOf(outcome.pid), startTimeOf(child)], [undefined, undefined]);
    assert.deepEqual(await outcome.end(), {});
  });

  const languages: Readonly<Record<string, Partial<CellSpec>>> = {
    zsh: { language: 'zsh', text: 'echo ran; sleep 372' },
    fish: { language: 'fish', text: 'echo ran; sleep 372' },
    python: { language: 'python', text: 'import time\nprint("ran", flush=True)\ntime.sleep(372)' },
    node: { language: 'node', text: 'console.log("ran"); setTimeout(() => {}, 372000)' },
    'an interpreter': {
      language: 'x',
      text: '$| = 1; print "ran"; sleep 372',
      interpreter: ['perl', '-W', '-l'],
    },
    'a short cell': { text: 'echo ran' },
  };
  for (const [name, spec] of Object.entries(languages)) {
    it(`run in ${name}`, async () => {
      await begun(spec);
      await until(() => /^ran$/m.test(written()));
    });
  }

  it('get no secrets, neither their own nor those of the session: nobody would mask what they print', async () => {
    const secrets = new Map([['TOKEN', 'tell-nobody']]);
    const own = await detach({ text: 'echo "$TOKEN"', secrets });
    assert.match('error' in own ? own.error : '', /must not get secrets, .* TOKEN/);
    await harness.run({ text: 'KEPT="x$TOKEN"', secrets });
    const held = await detach({ text: 'echo "$KEPT"' });
    assert.match('error' in held ? held.error : '', /must not get secrets, .* TOKEN/);
    await harness.run({ text: 'unset KEPT' });
    await begun({ text: 'echo "is ${KEPT-unset}"' });
    await until(() => written().includes('is unset'));
  });

  it('say why they cannot start', async () => {
    await harness.run({ text: 'printf "#!/not/there\\n" >broken; chmod +x broken' });
    const failures: readonly [Partial<CellSpec>, RegExp][] = [
      [{ language: 'cobol' }, /Nothing is known to run cobol cells/],
      [{ interpreter: ['/not/there'] }, /There is no program \/not\/there/],
      [{ interpreter: ['./broken'] }, /broken could not be started: .*(not found|required file)/],
      [{ cwd: '/not/there' }, /The folder of this cell is not there/],
      [{ text: 'a\0' }, /NUL/],
    ];
    for (const [spec, why] of failures) {
      const outcome = await detach(spec);
      assert.ok('error' in outcome, JSON.stringify(outcome));
      assert.match(outcome.error, why);
    }
  });
});
