import * as assert from 'node:assert/strict';
import { ClusterModel, type ClusterChoice } from '../../../../extension/views/clusters/clusterModel';
import { contextRows } from '../../../../extension/views/clusters/contextRows';
import {
  namespaceNode,
  objectNode,
  sectionNode,
  type ClusterNode,
} from '../../../../extension/views/clusters/clusterNode';
import { clusterRow, contextOf, kindOf, known } from '../../../support/someClusters';

const noReleases = { of: () => undefined };
const nothing: ClusterChoice = { filter: '', favourites: {}, named: {} };
const workloads = ['deployments.apps', 'cronjobs.batch', 'jobs.batch', 'pods'].map(id => kindOf(id));
const error = { severity: 'error', reason: 'CrashLoopBackOff', message: '' } as const;

function words(rows: readonly ClusterNode[]): string[] {
  return rows.map(row =>
    row.kind === 'object'
      ? row.uid
      : row.kind === 'namespace'
        ? row.namespace
        : row.kind === 'section'
          ? row.section
          : row.kind === 'message'
            ? `(${row.text})`
            : row.kind,
  );
}

describe('the rows of clusters', () => {
  it('of a context are what the cluster has, then its namespaces, those that a person chose first', () => {
    const namespaces = ['a', 'b', 'shop', 'z'].map(name => clusterRow(name, { uid: name }));
    const clusters = known(
      [kindOf('namespaces', { namespaced: false }), kindOf('nodes', { namespaced: false }), ...workloads],
      { namespaces },
    );
    const model = new ClusterModel(clusters, noReleases, () => ({ ...nothing, favourites: { test: ['z'] } }));
    assert.deepEqual(words(model.inContext('test')), ['nodes', 'z', 'shop', 'a', 'b']);
    assert.deepEqual(words(model.inNamespace(namespaceNode('test', 'shop'))), ['workloads']);
  });

  it('of a context whose namespaces may not be listed are those that a person named', () => {
    const clusters = known([kindOf('namespaces', { namespaced: false })], { namespaces: [] });
    const state = { kind: 'forbidden', verb: 'list', message: 'no', since: 0 } as const;
    clusters.tables.get('namespaces')?.take({
      ...{ table: 1, reset: false, complete: false, rows: [], gone: [], state },
    });
    const model = new ClusterModel(clusters, noReleases, () => ({
      ...nothing,
      named: { test: ['payments'] },
    }));
    assert.deepEqual(words(model.inContext('test')), ['shop', 'payments', '(Type a namespace…)']);
  });

  it('of workloads have what is wrong first, and pods below what made them', () => {
    const owner = (uid: string, kind: string) => ({ owner: { uid, kind, name: uid } });
    const clusters = known(workloads, {
      'deployments.apps': [clusterRow('web'), clusterRow('broken', { problem: error, state: 'failed' })],
      'cronjobs.batch': [clusterRow('nightly')],
      'jobs.batch': [clusterRow('nightly-1', owner('nightly', 'CronJob')), clusterRow('once')],
      pods: [
        clusterRow('web-1', {
          ...owner('rs-of-web', 'ReplicaSet'),
          workload: { kind: 'Deployment', name: 'web' },
        }),
        clusterRow('once-1', owner('once', 'Job')),
        clusterRow('bare'),
        clusterRow('orphan', owner('gone', 'ReplicaSet')),
      ],
    });
    const model = new ClusterModel(clusters, noReleases, () => nothing);
    const rows = model.inSection(sectionNode('test', 'workloads', 'shop'));
    assert.deepEqual(words(rows), ['broken', 'web', 'nightly', 'once', 'bare', 'orphan']);
    const below = (kind: string, uid: string) => words(model.inObject(objectNode('test', kind, uid, 'shop')));
    assert.deepEqual(below('deployments.apps', 'web'), ['web-1']);
    assert.deepEqual(below('cronjobs.batch', 'nightly'), ['nightly-1']);
    assert.deepEqual(below('jobs.batch', 'once'), ['once-1']);
  });

  it('match a filter, and say so where none does', () => {
    const clusters = known(workloads, { pods: [clusterRow('web-1'), clusterRow('db-1')] });
    const rows = (filter: string) =>
      words(new ClusterModel(clusters, noReleases, () => ({ ...nothing, filter })).inSection(section));
    const section = sectionNode('test', 'workloads', 'shop');
    assert.deepEqual(rows('WEB'), ['web-1']);
    assert.deepEqual(rows('x'), ['(Reading…)']);
    for (const kind of ['deployments.apps', 'cronjobs.batch', 'jobs.batch'])
      clusters.tables.set(kind, known([], { [kind]: [] }).tables.get(kind)!);
    assert.deepEqual(rows('x'), ['(Nothing matches “x”.)']);
  });

  it('are at most 500, and a row that opens to more', () => {
    const pods = Array.from({ length: 1200 }, (_, at) => clusterRow(`pod-${String(at)}`));
    const model = new ClusterModel(known([kindOf('pods')], { pods }), noReleases, () => nothing);
    const rows = model.inSection(sectionNode('test', 'workloads', 'shop'));
    assert.equal(rows.length, 501);
    assert.equal(rows.at(-1)?.kind, 'more');
  });

  it('of a cluster that cannot be reached say so once, with what to do', () => {
    const state = {
      kind: 'failed',
      trouble: 'refused',
      message: 'connection refused',
      hint: 'Is it running?',
      since: 0,
    } as const;
    const clusters = known(workloads, { pods: [clusterRow('web-1')] }, contextOf({ state }));
    clusters.tables.get('pods')?.take({
      ...{ table: 1, reset: false, complete: false, rows: [], gone: [], state },
    });
    const model = new ClusterModel(clusters, noReleases, () => nothing);
    assert.deepEqual(words(model.inContext('test')).slice(0, 2), [
      '(connection refused)',
      '(Is it running?)',
    ]);
    assert.deepEqual(words(model.inSection(sectionNode('test', 'workloads', 'shop'))), ['web-1']);
  });

  it('are 300 contexts, the one in use first, whatever they are called', () => {
    const contexts = Array.from({ length: 300 }, (_, at) =>
      contextOf({ id: String(at), name: String(at), current: at === 299 }),
    );
    const rows = contextRows({ contexts, looked: [], problems: [] }, undefined);
    assert.equal(rows.length, 300);
    assert.ok(rows.every(({ kind }) => kind === 'context'));
    assert.equal(rows[0]?.context, '299');
  });

  it('have numbers for names', () => {
    const clusters = known(workloads, {
      pods: [clusterRow('10'), clusterRow('9')],
      namespaces: [clusterRow('42')],
    });
    const model = new ClusterModel(clusters, noReleases, () => nothing);
    assert.deepEqual(words(model.inSection(sectionNode('1', 'workloads', '42'))), ['9', '10']);
    assert.equal(model.namespace(namespaceNode('test', '42'))?.name, '42');
  });
});
