import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Stream } from '../../../agent/protocol/output';
import { openStore } from '../../../agent/store/openStore';
import type { OutputChunk, RunStore } from '../../../agent/store/types';
import { temporaryFolder } from '../../support/temporaryFolder';

const limits = { head: 4000, tail: 2000, segment: 500 };
const streams: readonly Stream[] = ['stdout', 'stderr', 'tty'];

describe('recorded output', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;
  let step = 0;

  before(async () => {
    folder = await temporaryFolder('handrail-output');
    store = openStore(folder.path, { limits });
  });

  after(async () => {
    store.close();
    await folder[Symbol.asyncDispose]();
  });

  /** Records chunks of these sizes; the bytes tell where they stood. */
  function record(sizes: readonly number[]): { all: Buffer; chunks: OutputChunk[] } {
    const writer = store.openOutput('run', ++step);
    const all = Buffer.from(
      Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, (_, at) => at % 251),
    );
    let start = 0;
    const chunks = sizes.map((size, at): OutputChunk => {
      const bytes = all.subarray(start, (start += size));
      const stream = streams[at % 3] ?? 'stdout';
      return { seq: writer.append(stream, bytes, at), stream, time: at, bytes: Uint8Array.from(bytes) };
    });
    assert.equal(writer.bytes, all.length);
    writer.close();
    return { all, chunks };
  }

  function readAll(maxBytes: number, after = 0): { chunks: OutputChunk[]; cut: number } {
    const chunks: OutputChunk[] = [];
    let cut = 0;
    for (let seq = after; ;) {
      const page = store.readOutput('run', step, seq, maxBytes);
      chunks.push(...page.chunks);
      cut += page.cutBytes;
      assert.equal(page.seq, page.chunks.at(-1)?.seq ?? seq);
      seq = page.seq;
      if (!page.more) return { chunks, cut };
    }
  }

  const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 60 });

  it('comes back as it was, but for what the limit cuts out of its middle', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 3000 }), (chunkSizes, maxBytes) => {
        const { all, chunks } = record(chunkSizes);
        const read = readAll(maxBytes);
        const expected = chunks.filter(({ seq }) => read.chunks.some(found => found.seq === seq));
        assert.deepEqual(read.chunks, expected);
        const kept = read.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
        assert.equal(kept + read.cut, all.length);
        const small = chunkSizes.every(size => size >= 32) && all.length <= limits.head;
        if (small) assert.equal(read.cut, 0);
        else assert.ok(kept >= Math.min(all.length, limits.tail), `${kept} of ${all.length}`);
      }),
      { numRuns: 300 },
    );
  });

  it('can be read from any sequence number', () => {
    fc.assert(
      fc.property(sizes, fc.nat(70), (chunkSizes, after) => {
        record(chunkSizes);
        const later = readAll(10_000).chunks.filter(({ seq }) => seq > after);
        assert.deepEqual(readAll(10_000, after).chunks, later);
      }),
      { numRuns: 200 },
    );
  });

  it('tells who reads along exactly what was cut, also where the place read to is gone', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 40 }), (chunkSizes, every) => {
        const writer = store.openOutput('run', ++step);
        let seen = 0;
        let seq = 0;
        const readOn = (): void => {
          for (let more = true; more;) {
            const page = store.readOutput('run', step, seq, 900);
            seen += page.cutBytes + page.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
            ({ seq, more } = page);
          }
          assert.deepEqual([seq, seen], [writer.seq, writer.bytes]);
        };
        chunkSizes.forEach((size, at) => {
          writer.append('tty', Buffer.alloc(size), at);
          if (at % every === 0) readOn();
        });
        readOn();
        writer.close();
      }),
      { numRuns: 200 },
    );
  });

  it('has the same end whether it is read from its end or from its beginning', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1900 }), (chunkSizes, maxBytes) => {
        const { all } = record(chunkSizes.map(size => Math.max(size, 32)));
        const tail = store.tailOutput('run', step, maxBytes);
        assert.deepEqual(Buffer.from(tail.bytes), all.subarray(Math.max(0, all.length - maxBytes)));
        assert.equal(tail.cut, all.length > maxBytes);
      }),
      { numRuns: 200 },
    );
  });

  it('takes a bounded place on disk however little a chunk holds', () => {
    record(Array.from({ length: 3000 }, () => 1));
    const more = join(folder.path, 'output', 'run', `${step}.more`);
    const sizes = readdirSync(more).map(name => statSync(join(more, name)).size);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(total < 3 * (limits.head + limits.tail), String(total));
    assert.ok(readAll(10_000).cut > 0);
  });

  it('says nothing where there is none', () => {
    step = 9999;
    assert.deepEqual(store.readOutput('run', 9999, 0, 10), { chunks: [], seq: 0, cutBytes: 0, more: false });
    assert.deepEqual(store.tailOutput('run', 9999, 10), { bytes: Buffer.alloc(0), cut: false });
  });

  it('ends before a frame that a kill tore, or that is no frame', () => {
    for (const drop of [1, 20, 40, 51, 52, 70]) {
      const { chunks } = record([20, 20, 20]);
      const path = join(folder.path, 'output', 'run', `${step}.out`);
      truncateSync(path, statSync(path).size - drop);
      assert.deepEqual(readAll(1000).chunks, chunks.slice(0, drop < 53 ? 2 : 1), String(drop));
    }
    const { chunks } = record([20]);
    appendFileSync(join(folder.path, 'output', 'run', `${step}.out`), Buffer.alloc(4096));
    assert.deepEqual(readAll(1000).chunks, chunks);
  });
});
