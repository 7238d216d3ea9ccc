import assert from 'node:assert/strict';
import type { AgentConnection } from '../../../agent/client/connection';
import { AgentStreams, type StreamEnd } from '../../../extension/agent/agentStreams';
import type { AgentClient } from '../../../extension/agent/agentClient';
import { endWords } from '../../../extension/containers/endWords';
import { pacedWriter } from '../../../extension/containers/pacedWriter';
import { waitFor } from '../../support/waitFor';

/** A connection that records what it is told, and tells what a test says. */
function recordingAgent() {
  const handlers = new Map<string, (params: unknown) => unknown>();
  const sent: [string, unknown][] = [];
  let lose = () => {};
  const connection = {
    on: (type: { method: string }, handler: (params: unknown) => unknown) => {
      handlers.set(type.method, handler);
      return { dispose: () => undefined };
    },
    notify: (type: { method: string }, params: unknown) => void sent.push([type.method, params]),
    request: (type: { method: string }, params: unknown) => {
      sent.push([type.method, params]);
      return Promise.resolve({});
    },
  };
  const agent = {
    connection: connection as unknown as AgentConnection,
    onDidConnect: () => ({ dispose: () => undefined }),
    onDidLose: (handler: () => void) => {
      lose = handler;
      return { dispose: () => undefined };
    },
  };
  return {
    streams: new AgentStreams(agent as unknown as AgentClient),
    sent,
    lose: () => lose(),
    data: (stream: number, seq: number, text: string) =>
      handlers.get('streams/data')?.({
        stream,
        seq,
        channel: 'out',
        data: Buffer.from(text).toString('base64'),
      }),
    end: (stream: number, end: StreamEnd) => handlers.get('streams/ended')?.({ stream, ...end }),
  };
}

function recordingReader() {
  const got: string[] = [];
  return {
    got,
    reader: {
      take: (bytes: Uint8Array) => void got.push(Buffer.from(bytes).toString()),
      ended: (end: StreamEnd) => void got.push(`end ${JSON.stringify(end)}`),
    },
  };
}

describe('streams of the agent', () => {
  it('give what came before anybody read, in order, and its end', async () => {
    const { streams, data, end, sent } = recordingAgent();
    data(7, 1, 'a');
    data(7, 2, 'b');
    end(7, { exit: 3 });
    assert.equal(sent.length, 0, 'nothing is acknowledged that nobody has read');
    const { got, reader } = recordingReader();
    streams.open(7, reader);
    await waitFor('the end', () => got.length === 3);
    assert.deepEqual(got, ['a', 'b', 'end {"exit":3}']);
    assert.deepEqual(
      sent.map(([, params]) => params),
      [
        { stream: 7, seq: 1 },
        { stream: 7, seq: 2 },
      ],
    );
  });

  it('acknowledge what has been dealt with, not what has come', async () => {
    const { streams, data, sent } = recordingAgent();
    const gate = Promise.withResolvers<void>();
    streams.open(1, { take: () => gate.promise, ended: () => undefined });
    data(1, 1, 'a');
    data(1, 2, 'b');
    await new Promise(setImmediate);
    assert.equal(sent.length, 0);
    gate.resolve();
    await waitFor('both', () => sent.length === 2);
  });

  it('end with the connection, and say so', async () => {
    const { streams, data, lose } = recordingAgent();
    const { got, reader } = recordingReader();
    streams.open(1, reader);
    data(1, 1, 'a');
    lose();
    await waitFor('the end', () => got.length === 2);
    assert.deepEqual(got, ['a', 'end {"lost":true}']);
    const late = recordingReader();
    streams.open(2, late.reader);
    await waitFor('the end', () => late.got.length === 1);
  });

  it('take keys and sizes', async () => {
    const { streams, sent } = recordingAgent();
    const stream = streams.open(1, recordingReader().reader);
    await stream.write(Buffer.from('ls\r'));
    await stream.resize(80, 24);
    await stream.close();
    assert.deepEqual(sent, [
      ['streams/write', { stream: 1, data: 'bHMN' }],
      ['streams/resize', { stream: 1, columns: 80, rows: 24 }],
      ['streams/close', { stream: 1 }],
    ]);
  });
});

describe('a paced writer', () => {
  it('passes at once what a person types, and a flood piece by piece', async () => {
    let passed = 0;
    const writer = pacedWriter(text => (passed += text.length));
    assert.equal(writer.write('ls'), undefined);
    assert.equal(passed, 2);
    const began = performance.now();
    for (let piece = 0; piece < 20; piece++) await writer.write('x'.repeat(64 * 1024));
    assert.equal(passed, 2 + 20 * 64 * 1024);
    assert.ok(performance.now() - began > 100, 'faster than a terminal draws');
    writer.dispose();
  });

  it('holds up nobody once it is disposed', async () => {
    const writer = pacedWriter(() => undefined);
    const waiting = writer.write('x'.repeat(1024 * 1024));
    writer.dispose();
    await waiting;
  });
});

describe('the end of a process in words', () => {
  const cases: readonly (readonly [StreamEnd, string])[] = [
    [{ exit: 3 }, 'exit 3'],
    [{ message: 'the container is gone', hint: 'start it' }, 'the container is gone · start it'],
    [{ lost: true }, 'ended: the agent is gone, and with it what ran here'],
    [{}, 'ended'],
  ];
  for (const [end, words] of cases) it(words, () => assert.equal(endWords(end), words));
});
