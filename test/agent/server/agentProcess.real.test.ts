import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { connectAgent } from '../../../agent/client/connectAgent';
import { followRun } from '../../../agent/client/followRun';
import { greet } from '../../../agent/client/greet';
import type { RunObserver } from '../../../agent/engine/types';
import type { HandrailError } from '../../../agent/protocol/errors';
import { agentStatus, shutdown } from '../../../agent/protocol/handshake';
import { readOutput } from '../../../agent/protocol/output';
import { getRun, startRun } from '../../../agent/protocol/runs';
import { rendezvous } from '../../../agent/rendezvous';
import { logFile } from '../../../agent/server/log';
import { productVersion } from '../../../agent/version';
import { buildAgent } from '../../support/builtAgent';
import { processesWith } from '../../support/processesWith';
import { type AgentHome, agentHome, runOf } from '../../support/realAgent';
import { waitFor } from '../../support/waitFor';

const cells = (...texts: string[]): string => texts.map(text => `\`\`\`bash\n${text}\n\`\`\`\n`).join('\n');

const silent: RunObserver = {
  runChanged: () => undefined,
  stepChanged: () => undefined,
  output: () => undefined,
};

function isRunning(pid: number): boolean {
  return (
    fs.existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))
  );
}

describe('the agent as a process', function () {
  this.timeout(40_000);
  let agent: Awaited<ReturnType<typeof buildAgent>>;
  let home: AgentHome;
  before(async () => (agent = await buildAgent()));
  after(() => agent[Symbol.dispose]());
  beforeEach(async () => (home = await agentHome(agent.path)));
  afterEach(() => home[Symbol.asyncDispose]());

  /** Connects, where there is an agent. */
  const find = () =>
    connectAgent({ folders: home.folders, client: { id: 'a', kind: 'test' }, trusted: true });
  const gone = (pid: number) => waitFor(`the end of ${pid}`, () => !isRunning(pid), 15_000);

  it('is started on first need, and is one however many start it', async () => {
    const connections = await Promise.all(Array.from({ length: 6 }, () => home.connect()));
    const pids = new Set(connections.map(connection => connection.agent.pid));
    assert.equal(pids.size, 1);
    const status = await connections[0]?.request(agentStatus, {});
    assert.equal(status?.clients, 6);
    assert.equal(status.socket, rendezvous(home.folders, productVersion).socket);
    await waitFor(
      'the others to leave',
      async () => (await processesWith('HANDRAIL_HOME', home.path)).length === 1,
    );
    for (const connection of connections) connection.dispose();
  });

  it('stays connected beyond the deadline for connecting', async () => {
    const deadline = 500;
    const first = await home.connect();
    const second = await home.connect({ deadline });
    await once(AbortSignal.timeout(deadline), 'abort');
    await second.request(agentStatus, {});
    first.dispose();
    second.dispose();
  });

  it('keeps its files from others', async () => {
    const connection = await home.connect();
    const { socket, token, lock } = rendezvous(home.folders, productVersion);
    for (const file of [socket, token, lock, logFile(home.folders.logs)]) {
      assert.equal(fs.statSync(file).mode & 0o077, 0, file);
    }
    connection.dispose();
  });

  it('is not started where that is not asked for', async () => {
    await assert.rejects(
      find(),
      (error: HandrailError) => error.code === 'unavailable' && error.details['reason'] === 'none',
    );
  });

  it('runs cells in the client’s environment and tells of them', async () => {
    const connection = await home.connect();
    const printed: string[] = [];
    const request = runOf(cells('echo one; x=1', 'echo "$x $MINE"'), home.path);
    request.environment.env = { ...request.environment.env, MINE: 'here' };
    const { run } = await connection.request(startRun, request);
    const ended = await followRun(connection, run.id, {
      ...silent,
      output: (_run, _step, { bytes }) => void printed.push(Buffer.from(bytes).toString()),
    });
    assert.equal(ended.state, 'passed');
    assert.equal(printed.join(''), 'one\n1 here\n');
    connection.dispose();
  });

  it('killed in mid-step: the next one tells the truth and nothing is left', async () => {
    const first = await home.connect();
    const request = runOf(cells('for i in {1..200}; do echo $i; sleep 0.02; done; sleep 1000'), home.path);
    const { run } = await first.request(startRun, request);
    await waitFor('output', async () => {
      const { seq } = await first.request(readOutput, { run: run.id, step: 0, after: 0 });
      return seq > 5;
    });
    process.kill(first.agent.pid, 'SIGKILL');
    await first.closed;
    const second = await home.connect();
    assert.notEqual(second.agent.pid, first.agent.pid);
    const { run: found } = await second.request(getRun, { run: run.id });
    assert.deepEqual([found.state, found.steps[0]?.state], ['interrupted', 'interrupted']);
    const page = await second.request(readOutput, { run: run.id, step: 0, after: 0 });
    const text = page.pieces.map(({ data }) => Buffer.from(data, 'base64').toString()).join('');
    const numbers = text.trim().split('\n').map(Number);
    assert.ok(numbers.length > 5 && page.ended);
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => i + 1),
    );
    await waitFor('all processes to be gone', async () => {
      const left = await processesWith('HANDRAIL_HOME', home.path);
      return left.filter(({ pid }) => pid !== second.agent.pid).length === 0;
    });
    second.dispose();
  });

  const stages: [string, () => string | undefined][] = [
    ['at once', () => undefined],
    ['with its lock', () => rendezvous(home.folders, productVersion).lock],
    ['with its token', () => rendezvous(home.folders, productVersion).token],
    ['with its socket', () => rendezvous(home.folders, productVersion).socket],
    ['with its history', () => home.folders.data],
  ];
  for (const [stage, file] of stages) {
    it(`killed while it starts, ${stage}: the next one takes over`, async () => {
      const child = spawn(process.execPath, [agent.path], {
        env: { ...process.env, ...home.env },
        stdio: 'ignore',
      });
      const path = file();
      if (path !== undefined) await waitFor(path, () => fs.existsSync(path));
      child.kill('SIGKILL');
      await once(child, 'exit');
      (await home.connect()).dispose();
    });
  }

  it('takes the place of a stale socket and does not mind a broken lock file', async () => {
    const { socket, token, lock } = rendezvous(home.folders, productVersion);
    fs.writeFileSync(socket, '');
    fs.writeFileSync(token, 'old');
    fs.writeFileSync(lock, 'x'.repeat(5000));
    (await home.connect()).dispose();
  });

  describe('that nobody can find', () => {
    const place = () => rendezvous(home.folders, productVersion);
    const log = () => fs.readFileSync(logFile(home.folders.logs), 'utf8');
    const remove = (path: string) => fs.rmSync(path, { recursive: true });
    const untilStopped = cells('echo > going; until [ -e stop ]; do sleep 0.02; done');

    const losses: [string, () => void, string | undefined][] = [
      ['its socket', () => remove(place().socket), 'its socket was removed'],
      ['its token', () => remove(place().token), 'its token was removed'],
      ['its folder', () => remove(home.folders.runtime), 'its files were removed'],
      ['its home', () => remove(home.path), undefined],
      ['the true token', () => fs.writeFileSync(place().token, 'x'), 'its token was replaced'],
    ];
    for (const [what, lose, reason] of losses) {
      it(`leaves without ${what} when it is idle, and another takes over`, async () => {
        const first = await home.connect();
        lose();
        await first.closed;
        await gone(first.agent.pid);
        if (reason === undefined) assert.ok(!fs.existsSync(home.path), 'the home is there again');
        else assert.match(log(), new RegExp(`Leaving {"reason":"${reason}"}`));
        const second = await home.connect();
        assert.notEqual(second.agent.pid, first.agent.pid);
        second.dispose();
      });
    }

    async function startWaiting() {
      const connection = await home.connect();
      const { run } = await connection.request(startRun, runOf(untilStopped, home.path));
      const following = followRun(connection, run.id, silent);
      await waitFor('the cell', () => fs.existsSync(join(home.path, 'going')));
      return { connection, following, stop: () => fs.writeFileSync(join(home.path, 'stop'), '') };
    }

    it('can be found again while a run goes on, and leaves after it', async () => {
      const { connection, following, stop } = await startWaiting();
      remove(place().socket);
      const second = await waitFor('the door', () => find().catch(() => undefined));
      assert.equal(second.agent.pid, connection.agent.pid);
      stop();
      assert.equal((await following).state, 'passed');
      second.dispose();
      connection.dispose();
      await gone(connection.agent.pid);
    });

    it('leaves its place to another, starts nothing more, and ends its run first', async () => {
      const { connection, following, stop } = await startWaiting();
      // The cell has files in it.
      fs.renameSync(home.folders.runtime, `${home.folders.runtime}.gone`);
      await waitFor('the door to be closed', () => log().includes('Nobody can find this agent'));
      const second = await home.connect();
      assert.notEqual(second.agent.pid, connection.agent.pid);
      await assert.rejects(
        connection.request(startRun, runOf(cells('true'), home.path)),
        (error: HandrailError) => error.code === 'busy' && error.details['reason'] === 'leaving',
      );
      stop();
      assert.equal((await following).state, 'passed');
      await gone(connection.agent.pid);
      assert.ok(isRunning(second.agent.pid));
      assert.equal((await find()).agent.pid, second.agent.pid);
      second.dispose();
    });
  });

  it('leaves in an orderly way at SIGTERM: runs cancelled, files removed', async () => {
    const connection = await home.connect();
    const { run } = await connection.request(startRun, runOf(cells('sleep 1000'), home.path));
    await waitFor('the step', async () => {
      const now = await connection.request(getRun, { run: run.id });
      return now.run.steps[0]?.state === 'running';
    });
    process.kill(connection.agent.pid, 'SIGTERM');
    await connection.closed;
    await gone(connection.agent.pid);
    const { socket, token } = rendezvous(home.folders, productVersion);
    assert.deepEqual([fs.existsSync(socket), fs.existsSync(token)], [false, false]);
    assert.deepEqual(await processesWith('HANDRAIL_HOME', home.path), []);
    const again = await home.connect();
    assert.equal((await again.request(getRun, { run: run.id })).run.state, 'cancelled');
    again.dispose();
  });

  it('leaves when nothing has gone on for a while, not before', async () => {
    await using idle = await agentHome(agent.path, { HANDRAIL_IDLE_SECONDS: '0.5' });
    const connection = await idle.connect();
    const { pid } = connection.agent;
    await waitFor('more than its idle time', async () => {
      const { startedAt } = await connection.request(agentStatus, {});
      return Date.now() - Date.parse(startedAt) > 1000;
    });
    // Left in the middle of the run it would take the cell along.
    await connection.request(startRun, runOf(cells('sleep 1; echo > done'), idle.path));
    connection.dispose();
    await waitFor('the end of the run', () => fs.existsSync(join(idle.path, 'done')));
    await gone(pid);
  });

  it('answers what it can while its history cannot be opened', async () => {
    fs.mkdirSync(home.path, { recursive: true });
    fs.writeFileSync(home.folders.data, 'a file where the folder should be');
    const connection = await home.connect();
    assert.equal((await connection.request(agentStatus, {})).runs, 0);
    const start = () => connection.request(startRun, runOf(cells('true'), home.path));
    await assert.rejects(start, (error: HandrailError) => error.code === 'store');
    fs.rmSync(home.folders.data);
    await start();
    connection.dispose();
  });

  it('is not looked for behind another user’s socket', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const { socket } = rendezvous(home.folders, productVersion);
    fs.writeFileSync(socket, '');
    fs.chownSync(socket, 12345, 12345);
    await assert.rejects(
      home.connect(),
      (error: HandrailError) => error.details['reason'] === 'another-user' && error.message.includes(socket),
    );
  });

  it('says where it cannot put its socket', async () => {
    fs.mkdirSync(rendezvous(home.folders, productVersion).socket);
    await assert.rejects(
      home.connect(),
      (error: HandrailError) => error.details['reason'] === 'start' && error.message.includes('agent-'),
    );
  });

  it('says why it could not start', async () => {
    const broken = { command: process.execPath, args: ['-e', 'throw new Error("no such luck")'] };
    await assert.rejects(
      home.connect({ start: broken }),
      (error: HandrailError) =>
        error.code === 'unavailable' && /no such luck/.test(String(error.details['said'])),
    );
    await assert.rejects(home.connect({ start: { command: '/no/such/node', args: [] } }), /ENOENT/);
    const hanging = { command: process.execPath, args: ['-e', 'setTimeout(() => 0, 2000)'], env: home.env };
    await assert.rejects(
      home.connect({ start: hanging, deadline: 300 }),
      (error: HandrailError) => error.details['reason'] === 'deadline',
    );
  });

  it('hung: a client says so in time', async () => {
    const first = await home.connect();
    process.kill(first.agent.pid, 'SIGSTOP');
    await assert.rejects(
      home.connect({ deadline: 300 }),
      (error: HandrailError) => error.code === 'unavailable',
    );
    process.kill(first.agent.pid, 'SIGCONT');
    await first.request(agentStatus, {});
    first.dispose();
  });

  describe('of another version', () => {
    let older: Awaited<ReturnType<typeof buildAgent>>;
    before(async () => (older = await buildAgent('0.0.1')));
    after(() => older[Symbol.dispose]());

    async function startOlder(): Promise<ChildProcess> {
      const child = spawn(process.execPath, [older.path], {
        env: { ...process.env, ...home.env },
        stdio: 'ignore',
      });
      await waitFor('the older agent', () => fs.existsSync(rendezvous(home.folders, '0.0.1').socket));
      return child;
    }

    it('leaves for a newer one when it is idle', async () => {
      const child = await startOlder();
      const connection = await home.connect();
      await gone(child.pid ?? 0);
      await connection.request(agentStatus, {});
      connection.dispose();
    });

    it('is left in peace when it has a client; its files go once it is dead', async () => {
      const child = await startOlder();
      const { callAt } = await import('../../../agent/client/callAt');
      const place = rendezvous(home.folders, '0.0.1');
      await callAt(place, { id: 'old', kind: 'test' }, async link => {
        const connection = await home.connect();
        await waitFor('the question', () => {
          const log = fs.readFileSync(logFile(home.folders.logs), 'utf8');
          return log.split('"id":"successor"').length > 2;
        });
        assert.equal((await link.request(agentStatus, {})).pid, child.pid);
        await connection.request(shutdown, {});
        await gone(connection.agent.pid);
      });
      child.kill('SIGKILL');
      await once(child, 'exit');
      (await home.connect()).dispose();
      await waitFor('the files to go', () => !fs.existsSync(place.token) && !fs.existsSync(place.socket));
    });
  });

  it('answers before it hangs up', async () => {
    for (let i = 0; i < 5; i++) {
      const connection = await home.connect();
      assert.deepEqual(await connection.request(shutdown, {}), {});
      assert.deepEqual(await connection.closed, { reason: 'closed by the agent' });
      await gone(connection.agent.pid);
    }
  });

  describe('--stdio', () => {
    /** An agent on pipes, and a connection to it. */
    async function startOnPipes(options: string[] = []) {
      const child = spawn(process.execPath, [...options, agent.path, '--stdio'], {
        env: { ...process.env, ...home.env },
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const wire = { input: child.stdout, output: child.stdin, destroy: () => child.stdin.end() };
      const hello = { client: { id: 's', kind: 'test' as const }, trusted: true, token: '' };
      return { child, connection: await greet(wire, hello) };
    }

    it('executes runs that clients of the other agent can follow, whatever becomes of it', async () => {
      const follower = await home.connect();
      const { child, connection } = await startOnPipes();
      const text = cells('for i in {1..100}; do echo $i; sleep 0.01; done', 'echo last', 'sleep 1000');
      const { run } = await connection.request(startRun, runOf(text, home.path));
      const told: string[] = [];
      let printed = '';
      const following = followRun(follower, run.id, {
        runChanged: ({ state }) => void told.push(state),
        stepChanged: (_run, { index, state }) => void told.push(`${index} ${state}`),
        output: (_run, _step, { bytes }) => void (printed += Buffer.from(bytes).toString()),
      });
      await waitFor('the last step', () => told.includes('2 running'));
      assert.deepEqual(told, ['running', '0 running', '0 passed', '1 running', '1 passed', '2 running']);
      assert.equal(printed, `${Array.from({ length: 100 }, (_, i) => i + 1).join('\n')}\nlast\n`);
      child.kill('SIGKILL');
      assert.equal((await following).state, 'interrupted');
      assert.deepEqual(told.slice(6), ['2 interrupted', 'interrupted']);
      follower.dispose();
    });

    it('speaks over its pipes, whatever is printed, and ends with them', async () => {
      const noise = join(home.path, 'noise.cjs');
      fs.writeFileSync(
        noise,
        'setInterval(() => { console.log("noise"); process.stdout.write("noise"); }, 5);',
      );
      const { child, connection } = await startOnPipes(['-r', noise]);
      const { run } = await connection.request(startRun, runOf(cells('echo hello'), home.path));
      assert.equal((await followRun(connection, run.id, silent)).state, 'passed');
      connection.dispose();
      const [code] = (await once(child, 'exit')) as [number];
      assert.equal(code, 0);
    });
  });
});
