import assert from 'node:assert/strict';
import { OutputEnd } from '../../../../agent/engine/step/outputEnd';

describe('the end of an output', () => {
  const kept = 64 * 1024;
  const sizes: readonly (readonly [what: string, pieces: readonly number[]])[] = [
    ['nothing', []],
    ['little', [3, 4]],
    ['many small pieces', Array.from({ length: 5000 }, (_, at) => (at * 37) % 301)],
    ['pieces as they are read', Array.from({ length: 20 }, () => kept)],
    ['pieces longer than what is kept', [3 * kept, 5, 2 * kept + 1, kept - 1]],
    ['just as much as there is room for', [kept, kept, kept, kept, 1]],
  ];
  for (const [what, pieces] of sizes) {
    it(`is that of ${what}`, () => {
      const end = new OutputEnd();
      const printed: number[] = [];
      for (const size of pieces) {
        const piece = Uint8Array.from({ length: size }, (_, at) => (printed.length + at) % 251);
        for (const byte of piece) printed.push(byte);
        end.add(piece);
        piece.fill(0);
      }
      const { bytes } = end;
      assert.ok(bytes.length >= Math.min(kept, printed.length));
      assert.deepEqual([...bytes], printed.slice(printed.length - bytes.length));
    });
  }
});
