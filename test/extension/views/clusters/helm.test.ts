import * as assert from 'node:assert/strict';
import type { HelmRelease } from '../../../../agent/protocol/clusterHelm';
import { sectionNode, type ClusterNode } from '../../../../extension/views/clusters/clusterNode';
import { releaseFacts, releaseRows, releaseWords } from '../../../../extension/views/clusters/helmRows';

const hour = 3_600_000;

function release(name: string, more: Partial<HelmRelease> = {}): HelmRelease {
  return {
    ...{ name, namespace: 'shop', revision: 3, status: 'deployed', chart: 'shop-1.4.2', updatedAt: 0 },
    ...{ appVersion: '3.1', description: 'Upgrade complete' },
    ...more,
  };
}

const failed = {
  status: 'failed',
  description: 'timed out',
  problem: { severity: 'error', reason: 'Failed', message: 'timed out' },
} as const;

describe('releases of Helm in the tree', () => {
  const section = sectionNode('test', 'helm', 'shop');
  const words = (rows: readonly ClusterNode[]) =>
    rows.map(row => (row.kind === 'release' ? row.release : row.kind === 'message' ? row.text : row.kind));

  it('have what is wrong first, and are filtered', () => {
    const releases = [release('web-10'), release('web-2'), release('zoo', failed)];
    const rows = (filter: string) =>
      words(releaseRows(section, { releases, problems: [] }, name => name.includes(filter)));
    assert.deepEqual(rows(''), ['zoo', 'web-2', 'web-10']);
    assert.deepEqual(rows('web'), ['web-2', 'web-10']);
    assert.deepEqual(rows('x'), ['None']);
  });

  it('say what may not be read, beside what may', () => {
    const problems = ['You may not list secrets'];
    assert.deepEqual(words(releaseRows(section, { releases: [release('a')], problems }, () => true)), [
      ...['You may not list secrets', 'a'],
    ]);
    assert.deepEqual(words(releaseRows(section, undefined, () => true)), ['Reading…']);
  });

  for (const [what, words] of [
    [release('a'), 'shop-1.4.2 · deployed · revision 3 · 5 h'],
    [release('a', failed), 'shop-1.4.2 · failed · revision 3 · 5 h · timed out'],
    [release('a', { chart: undefined, updatedAt: undefined }), 'deployed · revision 3'],
  ] as const)
    it(`are told as ${words}`, () => assert.equal(releaseWords(what, 5 * hour), words));

  it('tell all in their tooltip', () => {
    assert.equal(
      releaseWords(release('a'), 5 * hour, true),
      'deployed · shop-1.4.2 · 5 h · Upgrade complete',
    );
    assert.deepEqual(
      releaseFacts(release('a', failed), () => 'today'),
      [
        ...['Failed: timed out', '', 'chart: shop-1.4.2', 'of version: 3.1'],
        ...['status: failed', 'revision: 3', 'updated: today'],
      ],
    );
  });
});
