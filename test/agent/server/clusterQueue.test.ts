import assert from 'node:assert/strict';
import type { ClusterRow, clustersChanged } from '../../../agent/protocol/clusters';
import type { ParamsOf } from '../../../agent/protocol/message';
import { ClusterQueue } from '../../../agent/server/clusters/clusterQueue';
import { waitFor } from '../../support/waitFor';

describe('what a client is told of clusters', () => {
  let sent: ParamsOf<typeof clustersChanged>[];
  let queue: ClusterQueue;
  beforeEach(() => {
    sent = [];
    queue = new ClusterQueue(changes => void sent.push(changes));
  });
  afterEach(() => queue.close());
  const row = (uid: string, name = uid): ClusterRow => ({
    uid,
    name,
    cells: [name],
    createdAt: 0,
    state: 'ok',
  });
  const next = (count: number) => waitFor(`notification ${count}`, () => sent[count - 1], 20_000);
  const live = { kind: 'live', since: 1 } as const;

  it('is the latest of each row, once the one before was dealt with', async () => {
    queue.table(1, { rows: [row('a')] });
    await next(1);
    for (let index = 0; index < 100; index++) queue.table(1, { rows: [row('a', `n${index}`), row('b')] });
    queue.table(1, { gone: ['b'] });
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(sent.length, 1);
    queue.acknowledge(1);
    const { tables } = await next(2);
    assert.deepEqual(
      tables[0]?.rows.map(({ name }) => name),
      ['n99'],
    );
    assert.deepEqual(tables[0]?.gone, ['b']);
  });

  it('says that all was told with the last row', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => row(`r${index}`));
    queue.table(1, { reset: true, rows, complete: true, state: live });
    for (const count of [1, 2, 3]) {
      const told = (await next(count)).tables[0];
      assert.deepEqual(
        [told?.rows.length, told?.reset, told?.complete, told?.state?.kind],
        [count === 3 ? 500 : 1000, count === 1, count === 3, count === 3 ? 'live' : undefined],
      );
      queue.acknowledge(count);
    }
  });

  it('gives other tables their turn while a long one is told', async () => {
    queue.table(1, { rows: Array.from({ length: 3000 }, (_, index) => row(`r${index}`)) });
    await next(1);
    queue.table(2, { rows: [row('x')] });
    queue.acknowledge(1);
    await next(2);
    queue.acknowledge(2);
    const { tables } = await next(3);
    assert.equal(tables[0]?.table, 2);
  });

  it('is nothing more of what was forgotten, or reset', async () => {
    queue.table(1, { rows: [row('a')] });
    queue.table(2, { rows: [row('b')] });
    queue.table(2, { reset: true, rows: [row('c')] });
    queue.forgetTable(1);
    const { tables } = await next(1);
    assert.deepEqual(
      tables.map(({ table, rows }) => [table, rows.map(({ uid }) => uid)]),
      [[2, ['c']]],
    );
  });
});
