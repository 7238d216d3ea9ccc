import assert from 'node:assert/strict';
import { Backlog } from '../../../extension/notebook/backlog';

const kib = 1024;

function pageOf(
  from: number,
  count: number,
  size: number,
  rest: { ended?: boolean; cutBytes?: number } = {},
) {
  const pieces = Array.from({ length: count }, (_, i) => ({
    seq: from + i,
    stream: 'stdout' as const,
    time: 0,
    data: Buffer.alloc(size).toString('base64'),
  }));
  return { pieces, seq: from + count - 1, cutBytes: 0, ended: false, more: false, ...rest };
}

describe('Backlog', () => {
  it('has nothing to tell at first', () => {
    assert.equal(new Backlog(4).take(kib), undefined);
  });

  it('hands out pages in order, each going on from the one before', () => {
    const backlog = new Backlog(0);
    backlog.add(pageOf(1, 5, 3 * kib));
    const pages = [
      backlog.take(7 * kib),
      backlog.take(7 * kib),
      backlog.take(7 * kib),
      backlog.take(7 * kib),
    ];
    assert.deepEqual(
      pages.map(page => page && [page.after, page.seq, page.entries.map(({ seq }) => seq)]),
      [[0, 2, [1, 2]], [2, 4, [3, 4]], [4, 5, [5]], undefined],
    );
  });

  it('hands out a piece larger than a page whole', () => {
    const backlog = new Backlog(0);
    backlog.add(pageOf(1, 2, 30 * kib));
    assert.equal(backlog.take(7 * kib)?.seq, 1);
  });

  it('says the end with the last page, also when there is nothing else to say', () => {
    const backlog = new Backlog(0);
    backlog.add(pageOf(1, 2, 3 * kib, { ended: true }));
    assert.equal(backlog.take(3 * kib)?.ended, false);
    assert.equal(backlog.take(3 * kib)?.ended, true);
    const empty = new Backlog(9);
    empty.add({ pieces: [], seq: 9, cutBytes: 0, ended: true, more: false });
    assert.deepEqual(empty.take(kib), { after: 9, entries: [], seq: 9, ended: true });
  });

  it('keeps the place of a cut', () => {
    const backlog = new Backlog(0);
    backlog.add(pageOf(1, 1, kib));
    backlog.add(pageOf(2, 1, kib, { cutBytes: 500 }));
    const entries = backlog.take(100 * kib)?.entries ?? [];
    assert.deepEqual(
      entries.map(entry => ('missing' in entry ? entry.bytes : entry.seq)),
      [1, 500, 2],
    );
  });

  it('passes over the oldest of a reader far behind, tells how much, and stays bounded', () => {
    const backlog = new Backlog(0);
    const size = 384 * kib;
    for (let seq = 1; seq <= 200; seq++) backlog.add(pageOf(seq, 1, size));
    let shown = 0;
    let skipped = 0;
    let last = 0;
    for (let page = backlog.take(size); page; page = backlog.take(size)) {
      for (const entry of page.entries) {
        if ('missing' in entry) skipped += entry.bytes;
        else shown += size;
      }
      last = page.seq;
    }
    assert.equal(shown + skipped, 200 * size);
    assert.ok(shown <= 4 * kib * kib && shown >= 1.5 * kib * kib);
    assert.equal(last, 200);
  });
});
