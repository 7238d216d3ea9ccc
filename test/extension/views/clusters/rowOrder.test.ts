import * as assert from 'node:assert/strict';
import { TableMirror, type TableNews } from '../../../../extension/agent/tableMirror';
import { byProblem, rowsByName } from '../../../../extension/views/clusters/rowOrder';
import { clusterRow } from '../../../support/someClusters';

const error = { severity: 'error', reason: 'Failed', message: '' } as const;

describe('the order of rows', () => {
  const names = (mirror: TableMirror) => rowsByName(mirror).map(({ name }) => name);
  const take = (mirror: TableMirror, more: Partial<TableNews>) =>
    mirror.take({ ...{ table: 1, reset: false, complete: false, rows: [], gone: [] }, ...more });

  it('is by name, also after rows came, went, or changed', () => {
    const mirror = new TableMirror();
    take(mirror, { rows: ['web-10', 'web-2', 'api'].map(name => clusterRow(name)) });
    assert.deepEqual(names(mirror), ['api', 'web-2', 'web-10']);
    take(mirror, { rows: [clusterRow('web-3'), clusterRow('a')], gone: ['web-2'] });
    assert.deepEqual(names(mirror), ['a', 'api', 'web-3', 'web-10']);
    take(mirror, { rows: [clusterRow('web-3', { problem: error })] });
    assert.equal(rowsByName(mirror)[2]?.problem?.reason, 'Failed');
    take(mirror, { state: { kind: 'forbidden', verb: 'list', message: '', since: 0 } });
    assert.deepEqual(names(mirror), []);
    take(mirror, { rows: [clusterRow('b')] });
    assert.deepEqual(names(mirror), ['b']);
  });

  it('is kept where 10,000 rows change, so that the window is not blocked', () => {
    const mirror = new TableMirror();
    const many = Array.from({ length: 10_000 }, (_, at) => clusterRow(`web-${String(at)}`));
    take(mirror, { rows: many, complete: true });
    rowsByName(mirror);
    const members = mirror.members;
    take(mirror, { rows: many.map(row => ({ ...row, problem: error })) });
    assert.equal(mirror.members, members);
    assert.equal(rowsByName(mirror)[9999]?.problem?.reason, 'Failed');
  });

  it('has what is wrong first', () => {
    const warning = { ...error, severity: 'warning' } as const;
    const rows = [
      clusterRow('a'),
      clusterRow('b', { problem: warning }),
      clusterRow('c', { problem: error }),
    ];
    assert.deepEqual(
      byProblem(rows, row => row).map(({ name }) => name),
      ['c', 'b', 'a'],
    );
  });
});
