import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { greet } from '../../../agent/client/greet';
import { listRuns, runsChanged } from '../../../agent/protocol/runs';
import type { HandrailError } from '../../../agent/protocol/errors';
import type { Wire } from '../../../agent/transport/wire';

const frame = (message: object): string => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

/** The other end of a wire, which answers every request with `result`. */
function wireTo(result: unknown): {
  wire: Wire;
  say: (message: object) => void;
  /** What it answers from now on. */
  answer: (next: unknown) => void;
} {
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      const id = /"id":(\d+)/.exec(chunk.toString())?.[1];
      if (id !== undefined) stream.push(frame({ id: Number(id), result }));
      done();
    },
  });
  const say = (message: object): void => void stream.push(frame(message));
  const answer = (next: unknown): void => void (result = next);
  return { wire: { input: stream, output: stream, destroy: () => void stream.destroy() }, say, answer };
}

const hi = { protocol: 1, version: '1', pid: 1, capabilities: [] };
const hello = { client: { id: 'a', kind: 'test' as const }, trusted: true, token: '' };

describe('a connection to something else than an agent', () => {
  for (const answer of [null, {}, { pid: 'x', version: '1' }, 'hello']) {
    it(`is not made where it greets with ${JSON.stringify(answer)}`, async () => {
      await assert.rejects(
        greet(wireTo(answer).wire, hello),
        (error: HandrailError) => error.code === 'incompatible',
      );
    });
  }

  it('tells of an answer that is none, and stays', async () => {
    const { wire, answer } = wireTo(hi);
    const connection = await greet(wire, hello);
    answer({ runs: [{ id: 7 }], more: false });
    await assert.rejects(
      connection.request(listRuns, {}),
      (error: HandrailError) => error.code === 'incompatible' && error.details['method'] === listRuns.method,
    );
    answer({ runs: [], more: false });
    assert.deepEqual(await connection.request(listRuns, {}), { runs: [], more: false });
    connection.dispose();
  });

  it('does not mind what a later version adds', async () => {
    const { wire, answer } = wireTo({ ...hi, mood: 'good' });
    const connection = await greet(wire, hello);
    answer({ runs: [], more: true, total: 12 });
    assert.deepEqual(await connection.request(listRuns, {}), { runs: [], more: true });
    connection.dispose();
  });

  it('ends at a notification that is none', async () => {
    const { wire, say } = wireTo(hi);
    const connection = await greet(wire, hello);
    connection.on(runsChanged, () => assert.fail('handed on'));
    say({ method: runsChanged.method, params: { number: 1, runs: [{ run: {} }] } });
    assert.deepEqual(await connection.closed, { reason: 'malformed runs/changed' });
  });
});
