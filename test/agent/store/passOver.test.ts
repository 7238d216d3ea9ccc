import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openStore } from '../../../agent/store/openStore';
import type { RunStore } from '../../../agent/store/types';
import { temporaryFolder } from '../../support/temporaryFolder';

const header = 32;

describe('passing over a backlog', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;
  let step = 0;

  before(async () => {
    folder = await temporaryFolder('handrail-pass-over');
    store = openStore(folder.path, { limits: { head: 4000, tail: 2000, segment: 500 } });
  });

  after(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  function record(sizes: readonly number[]): number {
    const writer = store.openOutput('run', ++step);
    for (const size of sizes) writer.append('stdout', Buffer.alloc(size, 'x'), 0);
    writer.close();
    return writer.bytes;
  }

  function readOn(after: number, passOver: { over: number; keep: number }) {
    const pages = [];
    for (let seq = after; ;) {
      const page = store.readOutput('run', step, seq, 300, passOver);
      pages.push(page);
      seq = page.seq;
      if (!page.more) return pages;
    }
  }

  it('accounts for every byte, wherever it begins and whatever was cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 80 });
    const passOver = fc.record({
      over: fc.integer({ min: 1, max: 5000 }),
      keep: fc.integer({ min: 1, max: 5000 }),
    });
    fc.assert(
      fc.property(sizes, passOver, (chunkSizes, wanted) => {
        const total = record(chunkSizes);
        let sum = 0;
        for (const page of readOn(0, wanted)) {
          sum += page.cutBytes + (page.skippedBytes ?? 0);
          sum += page.chunks.reduce((bytes, chunk) => bytes + chunk.bytes.length, 0);
        }
        assert.equal(sum, total);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves alone what is within the bound', () => {
    record([100, 100, 100]);
    const [page] = readOn(0, { over: 3 * (100 + header), keep: 1 });
    assert.equal(page?.skippedBytes, undefined);
    assert.equal(page?.chunks[0]?.seq, 1);
  });

  it('keeps about what it is told to', () => {
    record(Array.from({ length: 30 }, () => 100));
    const [page] = readOn(0, { over: 1000, keep: 3 * (100 + header) });
    assert.equal(page?.skippedBytes, 27 * 100);
    assert.equal(page?.chunks[0]?.seq, 28);
  });

  it('counts from where the reader is, marked or not', () => {
    record(Array.from({ length: 30 }, () => 100));
    const wanted = { over: 1000, keep: 2 * (100 + header) };
    assert.equal(store.readOutput('run', step, 5, 100, wanted).skippedBytes, 23 * 100);
    assert.equal(store.readOutput('run', step, 5, 100).seq, 6);
    assert.equal(store.readOutput('run', step, 6, 100, wanted).skippedBytes, 22 * 100);
    assert.equal(store.readOutput('run', step, 29, 100, wanted).skippedBytes, undefined);
  });
});
