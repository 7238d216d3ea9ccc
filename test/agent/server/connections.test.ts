import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import * as fc from 'fast-check';
import { agentStatus, initialize, protocolVersion } from '../../../agent/protocol/handshake';
import { readOutput } from '../../../agent/protocol/output';
import { type HandrailError } from '../../../agent/protocol/errors';
import { listRuns, startRun } from '../../../agent/protocol/runs';
import { LocalAgent } from '../../../agent/server/localAgent';
import { longestMessage } from '../../../agent/transport/messageGate';
import { aRun, type ScriptedAgent, startScriptedAgent } from '../../support/scriptedAgent';
import { waitFor } from '../../support/waitFor';

const frame = (message: unknown): string => {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

const call = (id: number, method: string, params: unknown): string =>
  frame({ jsonrpc: '2.0', id, method, params });

describe('connections of the agent', () => {
  let agent: ScriptedAgent;
  beforeEach(async () => (agent = await startScriptedAgent()));
  afterEach(() => agent[Symbol.asyncDispose]());

  /** A bare socket: what it sends is a test's own affair. */
  async function open(): Promise<net.Socket> {
    const socket = net.connect(agent.place.socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  function hello(change: object = {}): string {
    const token = readFileSync(agent.place.token, 'utf8');
    const client = { id: 'raw', kind: 'test', pid: process.pid };
    const params = { protocol: protocolVersion, version: '0', token, client, trusted: true, ...change };
    return call(1, initialize.method, params);
  }

  /** All that comes until the agent hangs up. */
  async function untilClosed(socket: net.Socket): Promise<string> {
    let answer = '';
    socket.on('data', bytes => (answer += bytes.toString()));
    if (!socket.closed) await once(socket, 'close');
    return answer;
  }

  /** One connection was ended; the agent and its other clients did not notice. */
  async function assertAlive(): Promise<void> {
    const connection = await agent.connect();
    assert.equal((await connection.request(agentStatus, {})).pid, process.pid);
    connection.dispose();
  }

  const ended: [string, () => string, RegExp][] = [
    ['a wrong token', () => hello({ token: 'guess' }), /"name":"unauthenticated"/],
    ['an empty token', () => hello({ token: '' }), /"name":"unauthenticated"/],
    ['another message first', () => call(1, agentStatus.method, {}), /"name":"unauthenticated"/],
    ['a notification first', () => frame({ jsonrpc: '2.0', method: 'trust/grant', params: {} }), /^$/],
    ['a handshake without its parts', () => call(1, initialize.method, { protocol: 1 }), /Wrong parameters/],
    ['no JSON', () => frame('{"jsonrpc":'), /^$/],
    ['no JSON-RPC', () => frame([1, 2]), /^$/],
    ['an answer to nothing', () => frame({ jsonrpc: '2.0', id: 1, result: null }), /^$/],
    ['JSON nested 60,000 deep', () => frame('['.repeat(60_000)), /^$/],
    ['a header that announces too much', () => 'Content-Length: 70000\r\n\r\n', /^$/],
    ['HTTP', () => 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', /^$/],
    ['nothing for too long', () => '', /^$/],
    ['half a message for too long', () => 'Content-Length: 100\r\n\r\n{', /^$/],
  ];
  for (const [name, bytes, answer] of ended) {
    it(`ends a connection for ${name}, and only that one`, async () => {
      const bystander = await agent.connect();
      const socket = await open();
      socket.write(bytes());
      assert.match(await untilClosed(socket), answer);
      assert.equal((await bystander.request(agentStatus, {})).clients, 1);
      bystander.dispose();
      await assertAlive();
    });
  }

  const endedLater: [string, string][] = [
    ['no JSON', frame('nonsense')],
    ['a cancel without what', frame({ jsonrpc: '2.0', method: '$/cancelRequest' })],
    ['an acknowledgement without number', frame({ jsonrpc: '2.0', method: 'runs/ack', params: {} })],
    ['a message of 65 MiB', `Content-Length: ${65 * 1024 * 1024}\r\n\r\n`],
    ['bytes from nowhere', randomBytes(2000).toString('latin1')],
  ];
  for (const [name, bytes] of endedLater) {
    it(`ends a connection after its handshake for ${name}`, async () => {
      const socket = await open();
      socket.write(hello() + bytes);
      assert.match(await untilClosed(socket), /"result"|^$/);
      await assertAlive();
    });
  }

  it('answers wrong parameters and unknown requests, and goes on', async () => {
    const socket = await open();
    socket.write(
      hello() + call(2, 'runs/get', { run: 7 }) + call(3, 'no/such', {}) + call(4, 'agent/status', {}),
    );
    let answers = '';
    socket.on('data', bytes => (answers += bytes.toString()));
    await waitFor('the last answer', () => answers.includes('"id":4'));
    assert.match(answers, /"id":2,"error":\{"code":-32602/);
    assert.match(answers, /"id":3,"error":\{"code":-32601/);
    assert.match(answers, /"id":4,"result"/);
    socket.destroy();
  });

  it('takes a runbook of 5 MB', async () => {
    const connection = await agent.connect();
    await connection.request(startRun, { ...aRun(), text: 'x'.repeat(5_000_000) });
    connection.dispose();
  });

  it('answers with an error where the answer would be too long, and goes on', async () => {
    const connection = await agent.connect();
    const file = `/${'x'.repeat(longestMessage / 2)}.md`;
    for (let i = 0; i < 2; i++) await connection.request(startRun, { ...aRun(), file });
    await assert.rejects(
      connection.request(listRuns, {}),
      (error: HandrailError) => error.code === 'tooLarge' && error.details['most'] === longestMessage,
    );
    assert.equal((await connection.request(listRuns, { limit: 1 })).runs[0]?.file.length, file.length);
    connection.dispose();
  }).timeout(30_000);

  it('survives whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 2000 }),
        fc.boolean(),
        async (bytes, greeted) => {
          const socket = await open();
          if (greeted) socket.write(hello());
          socket.end(bytes);
          await untilClosed(socket);
        },
      ),
      { numRuns: 60 },
    );
    await assertAlive();
    await waitFor('the last to be gone', () => agent.agent.clientCount() === 0);
  });

  it('holds little for a client that asks and never reads', async function () {
    this.timeout(30_000);
    const connection = await agent.connect();
    const { run } = await connection.request(startRun, aRun());
    agent.runs.all[0]?.begin(0);
    for (let i = 0; i < 64; i++) agent.runs.all[0]?.print(0, 'x'.repeat(64 * 1024));
    const ask = { run: run.id, step: 0, after: 0, maxBytes: 4 * 1024 * 1024 };
    const socket = await open();
    socket.pause();
    const before = process.memoryUsage.rss();
    let answered = 0;
    agent.agent.engine = () => {
      answered++;
      return LocalAgent.prototype.engine.call(agent.agent);
    };
    socket.write(hello());
    const asked = call(2, readOutput.method, ask).repeat(2000);
    socket.write(asked);
    const { seq } = await connection.request(readOutput, { ...ask, maxBytes: 1 });
    assert.ok(seq >= 1);
    await waitFor('the first answers', () => answered > 2);
    for (let before = -1; before !== answered;) {
      before = answered;
      // Each of these goes round all that the agent is at.
      for (let i = 0; i < 20; i++) await connection.request(agentStatus, {});
    }
    assert.ok(answered > 0 && answered < 2000, `answered ${answered}`);
    const grown = (process.memoryUsage.rss() - before) / 1024 / 1024;
    assert.ok(grown < 200, `grew by ${grown.toFixed()} MB; all answers are ${2000 * 5.6} MB`);
    socket.destroy();
    await waitFor('its end', () => agent.agent.clientCount() === 1);
    connection.dispose();
  });
});
