import * as assert from 'node:assert/strict';
import { TableMirror, type TableNews } from '../../../extension/agent/tableMirror';
import { clusterRow } from '../../support/someClusters';

describe('a table of a cluster, as it is told', () => {
  const news = (more: Partial<TableNews>): TableNews => ({
    ...{ table: 1, reset: false, complete: false, rows: [], gone: [] },
    ...more,
  });
  const names = (mirror: TableMirror) => [...mirror.rows.values()].map(({ name }) => name).sort();

  it('has rows that came, and not those that went', () => {
    const mirror = new TableMirror();
    mirror.take(news({ reset: true, rows: [clusterRow('a'), clusterRow('b')] }));
    assert.equal(mirror.complete, false);
    mirror.take(news({ rows: [clusterRow('c')], complete: true }));
    mirror.take(news({ gone: ['b'] }));
    assert.deepEqual(names(mirror), ['a', 'c']);
    assert.equal(mirror.complete, true);
  });

  it('keeps what was known while it is told anew', () => {
    const mirror = new TableMirror();
    mirror.take(news({ reset: true, rows: [clusterRow('a'), clusterRow('b')], complete: true }));
    mirror.take(news({ reset: true, rows: [clusterRow('b')] }));
    assert.deepEqual(names(mirror), ['a', 'b']);
    mirror.take(news({ complete: true }));
    assert.deepEqual(names(mirror), ['b']);
  });

  it('keeps rows while the cluster is away, and none that may not be seen', () => {
    const mirror = new TableMirror();
    mirror.take(news({ rows: [clusterRow('a')], complete: true }));
    const since = 0;
    mirror.take(news({ state: { kind: 'failed', trouble: 'refused', message: 'x', since } }));
    assert.deepEqual(names(mirror), ['a']);
    mirror.take(news({ state: { kind: 'forbidden', verb: 'list', message: 'x', since } }));
    assert.deepEqual(names(mirror), []);
  });
});
