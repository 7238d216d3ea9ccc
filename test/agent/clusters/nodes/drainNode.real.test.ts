import assert from 'node:assert/strict';
import { debugPod, drainNode } from '../../../../agent/protocol/clusterStreams';
import { describeObject, readMetrics } from '../../../../agent/protocol/clusterObjects';
import { closeStream } from '../../../../agent/protocol/streams';
import { ClusterClient } from '../../../support/kubernetes/clusterClient';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { kubernetesNode } from '../../../support/kubernetes/programs';
import { deployment, pod } from '../../../support/kubernetes/somePods';
import { StreamClient } from '../../../support/kubernetes/streamClient';
import { needs } from '../../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../../support/scriptedAgent';

describe('a node and its pods', function () {
  this.timeout(240_000);
  before(needs(kubernetesNode));
  let cluster: Cluster;
  let agent: ScriptedAgent;
  let client: StreamClient;
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster({ node: true });
    agent = await startScriptedAgent();
    client = new StreamClient(await agent.connect());
    await new ClusterClient(client.connection).list({ KUBECONFIG: cluster.kubeconfig });
  });
  after(async () => {
    client?.connection.dispose();
    await agent?.agent.closeAreas();
    await agent?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const who = { context: 'test', by: 'ana' };
  const drain = (more: object = {}) =>
    client.connection.request(drainNode, { ...who, node: 'node-1', seconds: 120, ...more });

  it('debugs a pod with a container that shares its processes', async () => {
    await cluster.apply(pod('bare', 'exec sleep 7654'));
    await cluster.kubectl('wait', 'pod/bare', '--for=condition=Ready', '--timeout=90s');
    const { stream, container, kubectl } = await client.connection.request(debugPod, {
      ...who,
      ...{ namespace: 'default', pod: 'bare', image: 'localhost/busybox:1', command: ['sh'] },
      terminal: { columns: 80, rows: 24 },
    });
    assert.match(kubectl, /debug -it bare --image=localhost\/busybox:1 --target=main -- sh$/);
    assert.match(container, /^debugger-/);
    await client.write(stream, 'ps -o args; exit 4\n');
    await client.prints(stream, /sleep 7654/);
    assert.deepEqual(await client.ended(stream), { exit: 4 });
    const text = (
      await client.connection.request(describeObject, {
        context: 'test',
        object: { kind: 'pods', namespace: 'default', name: 'bare' },
      })
    ).text;
    for (const part of [/^Name: +bare$/m, /main/, /localhost\/busybox:1/, /Scheduled/, new RegExp(container)])
      assert.match(text, part);
    const never = client.connection.request(debugPod, {
      ...who,
      ...{ namespace: 'default', pod: 'bare', image: 'NOT VALID' },
    });
    await assert.rejects(never, /does not start: InvalidImageName/);
  });

  it('says once that nothing is measured', async () => {
    const told = await client.connection.request(readMetrics, { context: 'test', kind: 'nodes' });
    assert.equal(told.available, false);
    assert.match(told.message ?? '', /metrics\.k8s\.io/);
  });

  it('is not drained of what nobody would make again, unless that is asked for', async () => {
    const { stream } = await drain();
    const end = await client.ended(stream);
    assert.equal(end.exit, 1);
    assert.match(client.stream(stream).out, /default\/bare stays: nothing would make it again/);
    await cluster.kubectl('delete', 'pod', 'bare', '--force', '--grace-period=0');
    await cluster.kubectl('uncordon', 'node-1');
  });

  it('is drained once the budget that blocks lets go; DaemonSets stay', async () => {
    const daemon = deployment('daemon', 'sleep 100000') as { spec: Record<string, unknown> };
    delete daemon.spec['replicas'];
    await cluster.apply({ ...daemon, kind: 'DaemonSet' });
    await cluster.apply(deployment('web', 'sleep 100000', 2));
    await cluster.apply({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'keeps', namespace: 'default' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
    });
    await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=90s');
    await cluster.kubectl('rollout', 'status', 'daemonset/daemon', '--timeout=90s');
    const { stream, kubectl } = await drain();
    assert.equal(kubectl, 'kubectl --context test drain node-1 --ignore-daemonsets --timeout=120s');
    await client.prints(stream, /default\/web-\S+ waits: The disruption budget keeps needs 2 healthy pods/);
    assert.match(
      client.stream(stream).out,
      /default\/daemon-\S+ stays: the DaemonSet daemon would make it again/,
    );
    assert.equal(client.stream(stream).end, undefined);
    await cluster.kubectl('delete', 'pdb', 'keeps');
    assert.deepEqual(await client.ended(stream), { exit: 0 });
    assert.match(client.stream(stream).out, /node-1 drained: 2 pods evicted/);
    await cluster.kubectl('uncordon', 'node-1');
    const [ended] = agent.agent.engine().store.audit.list({ limit: 1 });
    assert.partialDeepStrictEqual(ended, {
      action: 'node.drain.ended',
      subject: 'nodes/node-1',
      actor: 'ana',
    });
  });

  it('is left cordoned where the drain is stopped, or takes too long', async () => {
    await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=90s');
    await cluster.apply({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'keeps', namespace: 'default' },
      spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
    });
    const stopped = await drain();
    await client.prints(stopped.stream, /waits: /);
    await client.connection.request(closeStream, { stream: stopped.stream });
    assert.match((await client.ended(stopped.stream)).message ?? '', /Stopped; the node stays cordoned/);
    const late = await drain({ seconds: 1 });
    const end = await client.ended(late.stream);
    assert.deepEqual([end.exit, /2 pods are still there after 1 s/.test(end.message ?? '')], [1, true]);
  });
});
