import * as assert from 'node:assert/strict';
import { contextDescription, objectDescription } from '../../../../extension/views/clusters/clusterWords';
import { clusterRow, column, contextOf } from '../../../support/someClusters';

const now = 10 * 60_000;

describe('the words of clusters', () => {
  const pod = ['Name', 'Ready', 'Status', 'Restarts', 'Age'].map(column);

  it('say of a pod what kubectl prints', () => {
    const row = clusterRow('web', { cells: ['web', '1/1', 'Running', '0', null], createdAt: now - 180_000 });
    assert.equal(objectDescription(row, pod, now), '1/1 · Running · 3 min');
  });

  it('say what is wrong first, and how it ended the last time', () => {
    const last = { reason: 'OOMKilled', exit: 137, at: now - 120_000 };
    const problem = { severity: 'error', reason: 'CrashLoopBackOff', message: 'back-off', last } as const;
    const cells = ['web', '0/1', 'CrashLoopBackOff', '12 (2m ago)', null];
    const row = clusterRow('web', { cells, problem });
    assert.equal(
      objectDescription(row, pod, now),
      '0/1 CrashLoopBackOff · 12 restarts · OOMKilled 2 min ago',
    );
  });

  it('name numbers, and leave out what says nothing', () => {
    const columns = ['Name', 'Data', 'Selector'].map(column);
    assert.equal(objectDescription(clusterRow('c', { cells: ['c', 3, '<none>'] }), columns, now), '3 data');
  });

  it('say of a context how dangerous it is, and how it is', () => {
    const words = (more: Parameters<typeof contextOf>[0]) =>
      contextDescription(contextOf(more), { live: true, wanted: true, now });
    assert.equal(words({}), 'current · v1.34.4');
    const idle = { kind: 'idle' } as const;
    assert.equal(
      words({ production: true, insecure: true, current: false, state: idle }),
      'production · not secure · not connected · expand to connect',
    );
    assert.equal(
      words({ state: { kind: 'connecting', since: now - 5000, waitsFor: 'credentials from aws' } }),
      'waiting for credentials from aws… 5 s',
    );
    assert.equal(
      words({ state: { kind: 'failed', trouble: 'refused', message: 'https://x: refused', since: 0 } }),
      'connection refused',
    );
  });
});
