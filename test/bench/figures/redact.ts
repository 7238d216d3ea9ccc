import { randomBytes } from 'node:crypto';
import { createRedactor } from '../../../agent/secrets/createRedactor';
import type { Figure } from '../figure';
import { mediansInTurn } from '../measure';

const secrets = 50;
const megabytes = 256;

/** What an executor hands on at once. */
const pieceBytes = 64 * 1024;

/** The output of a cell that prints a log, masked while 50 secrets are known; against its bytes to text and back. */
export const redact: Figure = {
  name: 'redact',
  async measure() {
    const pieces = logPieces();
    const redactor = createRedactor();
    for (let n = 0; n < secrets; n++) redactor.add(randomBytes(15).toString('base64'));
    const [value, bare] = await mediansInTurn(
      3,
      () => {
        const stream = redactor.stream();
        return timed(pieces, piece => stream.write(piece));
      },
      () => timed(pieces, piece => Buffer.from(piece.toString('latin1'), 'latin1')),
    );
    const baseline = { what: 'bytes to text and back', value: bare };
    const speed = Math.round((megabytes * 1000) / value);
    return [
      { name: 'redact', value, unit: 'ms', budget: 4, baseline },
      { name: `redact, ${speed} MB/s`, value, unit: 'ms', budget: (megabytes * 1000) / 200 },
    ];
  },
};

function timed(pieces: readonly Buffer[], pass: (piece: Buffer) => Uint8Array): Promise<number> {
  let left = megabytes * 1e6;
  let passed = 0;
  const start = performance.now();
  for (let index = 0; left > 0; index++) {
    const piece = pieces[index % pieces.length]!;
    passed += pass(piece).length;
    left -= piece.length;
  }
  const ms = performance.now() - start;
  if (passed < megabytes * 1e6 - pieceBytes) throw new Error(`only ${passed} bytes came through`);
  return Promise.resolve(ms);
}

/** 4 MB of lines as servers log them, with random parts. */
function logPieces(): Buffer[] {
  const lines: string[] = [];
  for (let n = 0; n < 25_000; n++) {
    const id = randomBytes(8).toString('hex');
    const tail = randomBytes(12).toString('base64url');
    lines.push(
      `2026-01-02T03:04:05.${n % 1000}Z INFO [http-${n % 17}] com.example.shop.Orders - order ${n * 7919} customer=${id} took ${n % 300} ms session=${tail}\n`,
    );
  }
  const text = Buffer.from(lines.join(''));
  const count = Math.floor(text.length / pieceBytes);
  return Array.from({ length: count }, (_, index) =>
    text.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
}
