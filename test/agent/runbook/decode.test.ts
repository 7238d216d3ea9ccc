import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeSource, encodeSource } from '../../../agent/runbook/decode';

describe('decodeSource', () => {
  const rows: [string, number[], string][] = [
    ['text', [0x61, 0xc3, 0xa9], 'aé'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\uFEFFa'],
    ['a stray byte', [0x61, 0xff, 0x62], 'a\uDCFFb'],
    ['a truncated sequence', [0xe2, 0x82], '\uDCE2\uDC82'],
    ['an encoded surrogate', [0xed, 0xb2, 0x80], '\uDCED\uDCB2\uDC80'],
    ['an overlong form', [0xc0, 0x80], '\uDCC0\uDC80'],
    ['a pair beside a stray byte', [0xf0, 0x9f, 0x9a, 0x80, 0x80], '🚀\uDC80'],
    ['NUL', [0], '\0'],
  ];
  for (const [what, bytes, text] of rows) {
    it(`keeps ${what}`, () => {
      assert.equal(decodeSource(Uint8Array.from(bytes)), text);
      assert.deepEqual([...encodeSource(text)], bytes);
    });
  }

  it('loses nothing of any bytes', () => {
    const bytes = fc.array(
      fc.oneof(fc.nat(255), fc.constantFrom(0xc3, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xed, 0xa0)),
    );
    fc.assert(
      fc.property(bytes, one => {
        assert.deepEqual([...encodeSource(decodeSource(Uint8Array.from(one)))], one);
      }),
    );
  });
});
