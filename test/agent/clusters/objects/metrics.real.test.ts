import assert from 'node:assert/strict';
import { readMetrics } from '../../../../agent/protocol/clusterObjects';
import { watchContext } from '../../../../agent/protocol/contexts';
import { ClusterClient, rowOf } from '../../../support/kubernetes/clusterClient';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { startMetricsServer } from '../../../support/kubernetes/metricsServer';
import { kubernetes } from '../../../support/kubernetes/programs';
import { needs } from '../../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../../support/scriptedAgent';

describe('a cluster without controllers', function () {
  this.timeout(240_000);
  before(needs(kubernetes));
  let cluster: Cluster;
  let agent: ScriptedAgent;
  let client: ClusterClient;
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster();
    agent = await startScriptedAgent();
    client = new ClusterClient(await agent.connect());
    await client.list({ KUBECONFIG: cluster.kubeconfig });
  });
  after(async () => {
    client?.connection.dispose();
    await agent?.agent.closeAreas();
    await agent?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });
  const read = (kind: 'pods' | 'nodes', namespace?: string, context = 'test') =>
    client.connection.request(readMetrics, { context, kind, ...(namespace !== undefined && { namespace }) });

  it('tells what pods and nodes use, where something measures that', async () => {
    const none = await read('pods', 'shop');
    assert.equal(none.available, false);
    assert.match(none.message ?? '', /Nothing measures CPU and memory/);
    const metadata = { name: '007', namespace: 'shop' };
    const usage = { cpu: '12345678n', memory: '34Mi' };
    const timestamp = '2026-01-01T00:00:00Z';
    const pod = { metadata, timestamp, window: '15s', containers: [{ name: 'main', usage }] };
    const node = { metadata: { name: 'node-1' }, timestamp, usage: { cpu: '2', memory: '1Gi' } };
    await using undo = new AsyncDisposableStack();
    undo.use(await startMetricsServer(cluster, { pods: [pod], nodes: [node] }));
    const { available, items } = await read('pods', 'shop');
    assert.equal(available, true);
    const used = { cpu: 12.346, memory: 34 * 2 ** 20 };
    assert.deepEqual(items, [
      { namespace: 'shop', name: '007', at: Date.parse(timestamp), usage: used, containers: { main: used } },
    ]);
    assert.equal((await read('pods')).items.length, 1);
    assert.deepEqual((await read('pods', 'other')).items, [], 'of none, the API says null');
    const [told] = (await read('nodes')).items;
    assert.deepEqual(told, {
      name: 'node-1',
      at: Date.parse(timestamp),
      usage: { cpu: 2000, memory: 2 ** 30 },
    });
    await assert.rejects(read('pods', 'shop', 'viewer'), /viewer.*list/);
  });

  it('says why a namespace does not go', async () => {
    await client.connection.request(watchContext, { context: 'test' });
    await cluster.kubectl('create', 'namespace', '42');
    const namespaces = await client.watch('test', 'namespaces');
    assert.equal((await rowOf(namespaces, '42')).state, 'ok');
    await cluster.kubectl('delete', 'namespace', '42', '--wait=false');
    const going = await rowOf(namespaces, '42', ({ state }) => state === 'terminating');
    assert.equal(going.problem?.message, 'Its content is being deleted');
    const message =
      'Some content in the namespace has finalizers remaining: test/never in 1 resource instances';
    const condition = {
      type: 'NamespaceFinalizersRemaining',
      status: 'True',
      reason: 'SomeFinalizersRemain',
    };
    const conditions = [{ ...condition, message, lastTransitionTime: '2026-01-01T00:00:00Z' }];
    const patch = JSON.stringify({ status: { conditions } });
    await cluster.kubectl('patch', 'namespace', '42', '--subresource=status', '--type=merge', '-p', patch);
    const stuck = await rowOf(namespaces, '42', ({ problem }) => problem?.message === message);
    assert.equal(stuck.problem?.reason, 'Terminating');
    // Who lists it only then is told the same.
    await client.unwatch(namespaces);
    await using other = await startScriptedAgent();
    const late = new ClusterClient(await other.connect());
    await late.list({ KUBECONFIG: cluster.kubeconfig });
    const again = await late.watch('test', 'namespaces');
    await rowOf(again, '42', ({ problem }) => problem?.message === message);
    late.connection.dispose();
    await other.agent.closeAreas();
  });
});
