import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { AgentConnection } from '../../../agent/client/connection';
import { type ErrorName, HandrailError } from '../../../agent/protocol/errors';
import { agentStatus, grantTrust, shutdown } from '../../../agent/protocol/handshake';
import {
  exportOutput,
  outputText,
  readOutput,
  resizeTerminal,
  writeInput,
} from '../../../agent/protocol/output';
import {
  answerStep,
  cancelRun,
  getRun,
  lastSteps,
  listRuns,
  runsChanged,
  startRun,
  unwatchRuns,
  watchRuns,
} from '../../../agent/protocol/runs';
import { listSessions, resetSession } from '../../../agent/protocol/sessions';
import { aRun, type ScriptedAgent, startScriptedAgent } from '../../support/scriptedAgent';
import type { ScriptedRun } from '../../support/scriptedRuns';
import { waitFor } from '../../support/waitFor';

function refused(code: ErrorName, details?: Record<string, unknown>) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof HandrailError, String(error));
    assert.equal(error.code, code);
    for (const [name, value] of Object.entries(details ?? {})) assert.deepEqual(error.details[name], value);
    return true;
  };
}

describe('requests to the agent', () => {
  let agent: ScriptedAgent;
  let connection: AgentConnection;
  beforeEach(async () => {
    agent = await startScriptedAgent();
    connection = await agent.connect();
  });
  afterEach(async () => {
    connection.dispose();
    await agent[Symbol.asyncDispose]();
  });

  async function begin(steps = 1): Promise<{ id: string; scripted: ScriptedRun }> {
    const { run } = await connection.request(startRun, aRun(steps));
    const scripted = agent.runs.active(run.id);
    assert.ok(scripted);
    return { id: run.id, scripted };
  }

  it('tell what the agent is at', async () => {
    await begin();
    const status = await connection.request(agentStatus, {});
    assert.equal(status.socket, '');
    assert.equal(status.clients, 1);
    assert.equal(status.runs, 1);
    assert.ok(status.resident > 1e6 && !Number.isNaN(Date.parse(status.startedAt)));
  });

  it('answer a step that asks, and no other', async () => {
    const { id, scripted } = await begin();
    const answer = { run: id, step: 0, approve: true, by: 'ana' };
    await assert.rejects(connection.request(answerStep, answer), refused('invalidState', { step: 0 }));
    scripted.ask(0, 'Restart?');
    await connection.request(answerStep, answer);
    assert.deepEqual(scripted.answers, [{ step: 0, approve: true, by: 'ana' }]);
    await assert.rejects(connection.request(answerStep, { ...answer, step: 7 }), refused('notFound'));
    scripted.ask(0, 'Restart in prod?', 'prod');
    await assert.rejects(connection.request(answerStep, answer), refused('invalidState'));
    await assert.rejects(connection.request(answerStep, { ...answer, typed: 'y' }), refused('invalidState'));
    await connection.request(answerStep, { ...answer, typed: 'prod' });
    assert.equal(scripted.answers.length, 2);
  });

  it('do nothing for a workspace that is not trusted, until it is', async () => {
    const { id } = await begin();
    const untrusted = await agent.connect(false);
    const step = { run: id, step: 0 };
    const tries: (() => Promise<unknown>)[] = [
      () => untrusted.request(startRun, aRun()),
      () => untrusted.request(cancelRun, { run: id }),
      () => untrusted.request(answerStep, { ...step, approve: true, by: 'eve' }),
      () => untrusted.request(writeInput, { ...step, data: '' }),
      () => untrusted.request(resizeTerminal, { ...step, columns: 1, rows: 1 }),
      () => untrusted.request(resetSession, { file: '/a.md' }),
      () => untrusted.request(shutdown, { force: true }),
    ];
    for (const attempt of tries) await assert.rejects(attempt, refused('untrusted'));
    assert.equal(agent.runs.size, 1);
    assert.equal((await untrusted.request(listRuns, {})).runs.length, 1);
    untrusted.notify(grantTrust, {});
    await untrusted.request(cancelRun, { run: id });
    assert.equal(agent.runs.size, 0);
    untrusted.dispose();
  });

  it('find runs by id, prefix and last; list them by page, file and state', async () => {
    const first = await begin();
    first.scripted.end();
    const second = await begin();
    for (const name of [second.id, second.id.slice(0, 10), 'last']) {
      assert.equal((await connection.request(getRun, { run: name })).run.id, second.id);
    }
    await assert.rejects(connection.request(getRun, { run: 'zzz' }), refused('notFound', { run: 'zzz' }));
    const page = await connection.request(listRuns, { limit: 1 });
    assert.deepEqual([page.runs.map(run => run.id), page.more], [[second.id], true]);
    const rest = await connection.request(listRuns, { limit: 5, before: second.id, state: 'passed' });
    assert.deepEqual([rest.runs.map(run => run.id), rest.more], [[first.id], false]);
    assert.deepEqual((await connection.request(listRuns, { file: '/other.md' })).runs, []);
  });

  it('give output of running and ended steps from any place on', async () => {
    const { id, scripted } = await begin();
    const step = { run: id, step: 0 };
    scripted.begin(0);
    scripted.print(0, 'a');
    scripted.print(0, 'b');
    scripted.print(0, 'c', 'stderr');
    const page = await connection.request(readOutput, { ...step, after: 0 });
    const texts = page.pieces.map(({ seq, stream, data }) => [
      seq,
      stream,
      Buffer.from(data, 'base64').toString(),
    ]);
    assert.deepEqual(texts, [
      [2, 'stdout', 'ab'],
      [3, 'stderr', 'c'],
    ]);
    assert.deepEqual([page.seq, page.more, page.ended, page.cutBytes], [3, false, false, 0]);
    scripted.print(0, 'd');
    scripted.finish(0);
    scripted.end();
    const rest = await connection.request(readOutput, { ...step, after: 3 });
    assert.deepEqual([rest.pieces.length, rest.seq, rest.ended], [1, 4, true]);
    const small = await connection.request(readOutput, { ...step, after: 0, maxBytes: 1 });
    assert.deepEqual([small.more, small.ended], [true, false]);
    await assert.rejects(connection.request(readOutput, { ...step, step: 9, after: 0 }), refused('notFound'));
    assert.equal((await connection.request(lastSteps, { file: aRun().file })).steps.length, 1);
  });

  const readable: [string, string, string][] = [
    ['plain text', 'one\r\ntwo\n', 'one\ntwo\n'],
    ['colours', '\x1b[1;31mred\x1b[0m\n', 'red\n'],
    ['a progress bar', '10 %\r50 %\r100 %\n', '100 %\n'],
    ['lines drawn again', 'a\nb\n\x1b[2A\x1b[Kc\n', 'c\nb\n'],
    ['a title and the clipboard', '\x1b]0;title\x07\x1b]52;c;aGk=\x07text\n', 'text\n'],
    ['a long line', `${'x'.repeat(500)}\r${'y'.repeat(3)}\n`, `${'x'.repeat(480)}yyy${'x'.repeat(17)}\n`],
    ['letters beyond ASCII', 'ÿ — 😀', 'ÿ — 😀'],
  ];
  for (const [name, printed, expected] of readable) {
    it(`give the text of ${name}`, async () => {
      const { id, scripted } = await begin();
      scripted.begin(0);
      scripted.print(0, printed);
      const { text, cut } = await connection.request(outputText, { run: id, step: 0 });
      assert.deepEqual([text, cut], [expected, false]);
    });
  }

  it('give the end of long output, whole lines and characters only', async () => {
    const { id, scripted } = await begin();
    scripted.begin(0);
    for (let i = 0; i < 10_000; i++) scripted.print(0, `line ${i} — é\n`);
    const { text, cut } = await connection.request(outputText, { run: id, step: 0, maxBytes: 1000 });
    assert.ok(cut && text.endsWith('line 9999 — é\n') && /^line \d+ — é\n/.test(text) && !text.includes('�'));
    assert.ok(Buffer.byteLength(text) <= 1000);
  });

  it('write output to a file, without control codes', async () => {
    const { id, scripted } = await begin();
    scripted.begin(0);
    for (let i = 0; i < 3000; i++) scripted.print(0, `\x1b[32m${i}\x1b[0m ${'x'.repeat(1000)}\n`);
    scripted.print(0, '1 %\r2 %\r\né'.slice(0, -1));
    const { path } = await connection.request(exportOutput, { run: id, step: 0 });
    const lines = readFileSync(path, 'utf8').split('\n');
    assert.equal(lines[2999], `2999 ${'x'.repeat(1000)}`);
    assert.deepEqual(lines.slice(3000), ['2 %', '']);
  });

  it('write the same output to a file many times at once', async () => {
    const { id, scripted } = await begin(3);
    for (let step = 0; step < 3; step++) {
      scripted.begin(step);
      scripted.print(step, 'x'.repeat(1000));
    }
    const steps = Array.from({ length: 15 }, (_, at) => at % 3);
    const written = await Promise.all(steps.map(step => connection.request(exportOutput, { run: id, step })));
    const names = new Set(written.map(({ path }) => basename(path)));
    assert.equal(names.size, 3);
    assert.deepEqual(new Set(readdirSync(agent.agent.exports)), names);
  });

  it('type into a step that runs, and say so where none does', async () => {
    const { id, scripted } = await begin();
    const step = { run: id, step: 0 };
    const type = () =>
      connection.request(writeInput, { ...step, data: Buffer.from('y\n').toString('base64') });
    await assert.rejects(type, refused('invalidState', { state: 'pending' }));
    scripted.begin(0);
    await type();
    await connection.request(resizeTerminal, { ...step, columns: 100, rows: 30 });
    assert.deepEqual(scripted.written, ['y\n', '100x30']);
    scripted.finish(0);
    scripted.end();
    await assert.rejects(type, refused('invalidState', { state: 'passed' }));
    await assert.rejects(connection.request(cancelRun, { run: id }), refused('invalidState'));
  });

  describe('are refused with what the system cannot take', () => {
    type Request = ReturnType<typeof aRun>;
    const terminal = (columns: number, rows: number) => ({ terminal: { columns, rows } });
    const starts: [string, Partial<Request>, Partial<Request['environment']>][] = [
      ['a relative file', { file: '../x.md' }, {}],
      ['no file', { file: '' }, {}],
      ['a NUL in the file', { file: '/a\0.md' }, {}],
      ['a relative folder', {}, { cwd: 'here' }],
      ['a NUL in the folder', {}, { cwd: '/a\0' }],
      ['a negative umask', {}, { umask: -1 }],
      ['a large umask', {}, { umask: 1e9 }],
      ['a terminal of less than nothing', {}, terminal(-5, 24)],
      ['a terminal of nothing', {}, terminal(80, 0)],
      ['a huge terminal', {}, terminal(80, 1e9)],
      ['a variable with = in its name', {}, { env: { 'A=B': 'c' } }],
      ['a variable without name', {}, { env: { '': 'c' } }],
      ['a NUL in a variable', {}, { env: { A: 'b\0c' } }],
      ['a NUL in the name of a variable', {}, { env: { 'A\0': 'b' } }],
      ['no time at all', { timeout: 1e-9 }, {}],
    ];
    for (const [name, change, environment] of starts) {
      it(`a start: ${name}`, async () => {
        const request = aRun();
        const wrong = { ...request, ...change, environment: { ...request.environment, ...environment } };
        await assert.rejects(connection.request(startRun, wrong), refused('internal', { reason: 'params' }));
        assert.equal(agent.runs.all.length, 0);
      });
    }

    it('keys and sizes', async () => {
      const { id, scripted } = await begin();
      const step = { run: id, step: 0 };
      scripted.begin(0);
      await assert.rejects(
        connection.request(writeInput, { ...step, data: '!!!' }),
        refused('internal', { reason: 'params' }),
      );
      for (const [columns, rows] of [
        [1e15, 1],
        [1, 65_536],
        [0, 1],
      ] as const) {
        await assert.rejects(
          connection.request(resizeTerminal, { ...step, columns, rows }),
          refused('internal', { reason: 'params' }),
        );
      }
      assert.deepEqual(scripted.written, []);
    });
  });

  it('reset and list sessions', async () => {
    await connection.request(resetSession, { file: '/a.md' });
    assert.deepEqual(agent.runs.resets, ['/a.md']);
    assert.deepEqual((await connection.request(listSessions, {})).sessions, []);
  });

  it('ask the agent to leave, which it does when nothing goes on', async () => {
    const { scripted } = await begin();
    await assert.rejects(connection.request(shutdown, {}), refused('busy', { runs: 1 }));
    scripted.end();
    await connection.request(shutdown, {});
    assert.deepEqual(agent.left, ['asked to leave']);
  });

  it('tell of changes one at a time, the latest of each run only', async () => {
    const numbers: number[] = [];
    const seen: string[] = [];
    let release: () => void = () => undefined;
    connection.on(runsChanged, async ({ number, runs }) => {
      numbers.push(number);
      for (const { steps, output } of runs) {
        seen.push(...steps.map(step => step.state), ...output.map(({ seq }) => `seq ${seq}`));
      }
      await new Promise<void>(resolve => (release = resolve));
    });
    await connection.request(watchRuns, {});
    const { scripted } = await begin();
    await waitFor('the first', () => numbers.length === 1);
    scripted.begin(0);
    for (let i = 0; i < 1000; i++) scripted.print(0, 'x');
    scripted.finish(0);
    scripted.end();
    // An answer comes after whatever was sent before it.
    await connection.request(agentStatus, {});
    assert.deepEqual([numbers, seen], [[1], []]);
    release();
    await waitFor('the second', () => numbers.length === 2);
    assert.deepEqual(
      [numbers, seen],
      [
        [1, 2],
        ['passed', 'seq 1000'],
      ],
    );
    release();
  });

  it('watch no more for a client than it can have use for', async () => {
    for (let i = 0; i < 1000; i++) await connection.request(watchRuns, {});
    await assert.rejects(connection.request(watchRuns, {}), refused('invalidState'));
    await connection.request(unwatchRuns, { watch: 1 });
    await connection.request(watchRuns, {});
  }).timeout(30_000);

  it('let a client that takes no changes go once a thousand runs wait for it', async () => {
    connection.on(runsChanged, () => new Promise(() => undefined));
    await connection.request(watchRuns, {});
    const run = await begin();
    run.scripted.end();
    const others = await agent.connect();
    for (let i = 0; i < 1010; i++) {
      await others.request(startRun, aRun());
      agent.runs.all.at(-1)?.end();
    }
    assert.match((await connection.closed).reason, /closed/);
    await others.request(agentStatus, {});
    others.dispose();
  }).timeout(30_000);

  it('reject when the connection goes, and can be withdrawn', async () => {
    const withdrawn = AbortSignal.abort(new Error('no longer wanted'));
    await assert.rejects(connection.request(agentStatus, {}, withdrawn), /no longer wanted/);
    const pending = connection.request(agentStatus, {});
    connection.dispose();
    await assert.rejects(pending, refused('unavailable', { reason: 'closed' }));
    await assert.rejects(connection.request(agentStatus, {}), refused('unavailable', { reason: 'closed' }));
    connection.notify(grantTrust, {});
    assert.deepEqual(await connection.closed, { reason: 'disposed' });
  });
});
