import assert from 'node:assert/strict';
import { LogEntries } from '../../../agent/logs/logEntries';
import { LogLinesOf } from '../../../agent/logs/logLinesOf';

const at = (second: number): string => `2026-01-02T03:04:${String(second).padStart(2, '0')}.000000007Z`;
const frame = (kind: number, text: string): Buffer => {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = kind;
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
};
const k16 = 'x'.repeat(16 * 1024);

/** Lines as `[second, stderr, text, goes on]`, read in pieces of a size. */
function linesOf(bytes: Buffer, hasFrames: boolean, size: number): [string, boolean, string, boolean][] {
  const lines: [string, boolean, string, boolean][] = [];
  const joiner = new LogLinesOf(!hasFrames, ({ time, isError, text, goesOn }) =>
    lines.push([time.slice(17, 19), isError, text, goesOn]),
  );
  const entries = new LogEntries(hasFrames, fragment => joiner.read(fragment));
  for (let from = 0; from < bytes.length; from += size)
    entries.read(Buffer.from(bytes.subarray(from, from + size)));
  joiner.finish();
  return lines;
}

const framed = Buffer.concat([
  frame(1, `${at(1)} first\n`),
  frame(2, `${at(2)} \n`),
  frame(1, `${at(3)} in\r\n`),
  frame(1, `${at(4)} 2026-01-02T03:04:09Z ö\u{1F40B}\n`),
  frame(2, `${at(5)} ${k16}`),
  frame(1, `${at(6)} between\n`),
  frame(2, `${at(5)} end\n`),
  frame(1, `no time\n`),
  frame(1, `${at(7)} no end`),
]);
const bare = Buffer.from(
  [
    `${at(1)} first\r\n`,
    `${at(2)} \r\n`,
    `${at(3)} ${k16}${at(3)} ${k16}${at(3)} end\r\n`,
    `${at(4)} ${k16}${at(4)} \n`,
    `${at(5)} ${k16.slice(1)}\n`,
    `what is no time\n`,
    `${at(6)} no end`,
  ].join(''),
);

describe('the log of a container, as an engine sends it', () => {
  for (const size of [1, 7, 8, 37, 1000, 16384, 1e6]) {
    it(`is taken apart in pieces of ${size} bytes: with frames`, () => {
      assert.deepEqual(linesOf(framed, true, size), [
        ['01', false, 'first', false],
        ['02', true, '', false],
        ['03', false, 'in\r', false],
        ['04', false, '2026-01-02T03:04:09Z ö\u{1F40B}', false],
        ['06', false, 'between', false],
        ['05', true, `${k16}end`, false],
        ['05', false, 'no time', false],
        ['07', false, 'no end', false],
      ]);
    });

    it(`is taken apart in pieces of ${size} bytes: of a terminal`, () => {
      assert.deepEqual(linesOf(bare, false, size), [
        ['01', false, 'first', false],
        ['02', false, '', false],
        ['03', false, `${k16}${k16}end`, false],
        ['04', false, k16, false],
        ['05', false, k16.slice(1), false],
        ['05', false, 'what is no time', false],
        ['06', false, 'no end', false],
      ]);
    });
  }

  it('cuts a line without end into bounded pieces, not within a character', () => {
    const text = '\u{1F40B}'.repeat(50_000);
    const pieces = linesOf(frame(1, `${at(1)} x${text}\n`), true, 65_536);
    assert.deepEqual(
      pieces.map(([, , , goesOn]) => goesOn),
      [true, true, true, false],
    );
    assert.ok(pieces.every(([, , piece]) => Buffer.byteLength(piece) <= 64 * 1024));
    assert.equal(pieces.map(([, , piece]) => piece).join(''), `x${text}`);
  });

  it('is refused where it is none', () => {
    assert.throws(() => linesOf(Buffer.from('HTTP/1.1 200 OK'), true, 100), /no frame of a log: 48/);
  });
});
