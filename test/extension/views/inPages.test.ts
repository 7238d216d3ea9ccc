import assert from 'node:assert/strict';
import { inPages, type MoreRow, type Rows } from '../../../extension/views/inPages';

describe('long lists in a tree', () => {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  const last = (rows: Rows<number>): MoreRow<number> => {
    const row = rows.at(-1);
    assert.ok(typeof row === 'object');
    return row;
  };

  it('show all where it fits', () => {
    for (const count of [0, 1, 500]) assert.deepEqual(inPages(numbers(count), 'list'), numbers(count));
  });

  it('end in a row that opens to the next page, until all is told', async () => {
    const first = inPages(numbers(1234), 'list');
    assert.equal(first.length, 501);
    const { id, label } = last(first);
    assert.deepEqual({ id, label }, { id: 'list/from-500', label: 'Next 500 of 734…' });
    const second = await last(first).open();
    assert.equal(last(second).label, '234 more…');
    const third = await last(second).open();
    assert.deepEqual([...first.slice(0, -1), ...second.slice(0, -1), ...third], numbers(1234));
  });
});
