import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { longestFirstMessage, longestMessage, MessageGate } from '../../../agent/transport/messageGate';

/** What comes out of a gate, and the error it ended with. */
async function through(chunks: readonly (string | Buffer)[], open = true): Promise<string> {
  const gate = new MessageGate();
  if (open) gate.open();
  const out: Buffer[] = [];
  gate.on('data', (bytes: Buffer) => void out.push(bytes));
  const error = await new Promise<Error | undefined>(resolve => {
    gate.on('error', resolve);
    gate.on('end', () => resolve(undefined));
    for (const chunk of chunks) if (!gate.destroyed) gate.write(chunk);
    setImmediate(() => gate.end());
  });
  return error === undefined ? Buffer.concat(out).toString() : `error: ${error.message}`;
}

const message = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('MessageGate', () => {
  const good: [string, string[], string][] = [
    ['one message', [message('{}')], message('{}')],
    ['two in one chunk', [message('{}') + message('[1]')], message('{}') + message('[1]')],
    ['header cut', ['Content-Le', 'ngth: 2\r', '\n\r', '\n{', '}'], message('{}')],
    ['small letters, no blank', ['content-length:2\r\n\r\n{}'], message('{}')],
    [
      'content type',
      ['Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}'],
      message('{}'),
    ],
  ];
  for (const [name, chunks, expected] of good) {
    it(`lets through: ${name}`, async () => assert.equal(await through(chunks), expected));
  }

  const bad: [string, string[], RegExp][] = [
    ['no length', ['Content-Type: a\r\n\r\n'], /malformed/],
    ['negative length', ['Content-Length: -1\r\n\r\n'], /malformed/],
    ['length zero', ['Content-Length: 0\r\n\r\n'], /malformed/],
    ['two lengths', ['Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}'], /malformed/],
    ['length in hex', ['Content-Length: 0x10\r\n\r\n'], /malformed/],
    ['length too long to be a number', [`Content-Length: ${'9'.repeat(40)}\r\n\r\n`], /malformed/],
    ['other header', ['GET / HTTP/1.1\r\nHost: x\r\n\r\n'], /malformed/],
    ['header without end', ['x'.repeat(600)], /too long/],
    ['header without end, in parts', Array.from({ length: 600 }, () => 'x'), /too long/],
    ['too large', [`Content-Length: ${longestMessage + 1}\r\n\r\n`], /too long/],
  ];
  for (const [name, chunks, expected] of bad) {
    it(`refuses: ${name}`, async () => assert.match(await through(chunks), expected));
  }

  it('takes less before the handshake', async () => {
    const large = `Content-Length: ${longestFirstMessage + 1}\r\n\r\n`;
    assert.match(await through([large], false), /too long/);
  });

  it('holds the second message until the first is dealt with', async () => {
    const gate = new MessageGate();
    let out = '';
    gate.on('data', (bytes: Buffer) => (out += bytes.toString()));
    gate.write(message('1') + message('2'));
    await new Promise(setImmediate);
    assert.equal(out, message('1'));
    gate.settle();
    await new Promise(setImmediate);
    assert.equal(out, message('1') + message('2'));
  });

  it('lets messages through unchanged however they are cut', async () => {
    const bodies = fc.array(fc.string({ minLength: 1, maxLength: 50 }), { maxLength: 20 });
    const cuts = fc.array(fc.nat(300), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(bodies, cuts, async (texts, places) => {
        const bytes = Buffer.from(texts.map(message).join(''));
        const edges = [...new Set(places)].filter(at => at < bytes.length).sort((a, b) => a - b);
        const chunks = [0, ...edges].map((from, i) => bytes.subarray(from, edges[i]));
        assert.equal(await through(chunks.filter(chunk => chunk.length > 0)), bytes.toString());
      }),
      { numRuns: 200 },
    );
  });

  it('never throws and never holds much, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 })), async chunks => {
        assert.equal(typeof (await through(chunks.map(chunk => Buffer.from(chunk)))), 'string');
      }),
      { numRuns: 200 },
    );
  });
});
