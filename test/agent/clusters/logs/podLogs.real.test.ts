import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPodLog, savePodLog } from '../../../../agent/protocol/clusterStreams';
import { closeLog } from '../../../../agent/protocol/logs';
import { openGate } from '../../../support/gate';
import { ClusterClient } from '../../../support/kubernetes/clusterClient';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { kubernetesNode } from '../../../support/kubernetes/programs';
import { box, deployment, pod } from '../../../support/kubernetes/somePods';
import { StreamClient } from '../../../support/kubernetes/streamClient';
import { needs } from '../../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../../support/scriptedAgent';
import { waitFor } from '../../../support/waitFor';

const deadline = 90_000;

describe('logs of pods', function () {
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

  const open = (of: object, more: object = {}, range: object = {}) =>
    client.connection.request(openPodLog, {
      context: 'test',
      of: { namespace: 'default', ...of } as never,
      range: { follow: true, ...range },
      ...more,
    });
  const ready = (name: string) =>
    cluster.kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=90s');

  it('are told whole of all containers, with what kubectl would be told', async () => {
    const containers = [box('echo from main; echo again'), box('echo beside >&2', { name: 'side' })];
    const init = box('echo before', { name: 'init' });
    await cluster.apply(pod('talks', '', { containers, initContainers: [init], restartPolicy: 'Never' }));
    const { log, kubectl } = await open({ kind: 'pods', pods: ['talks'] });
    assert.equal(kubectl, 'kubectl --context test -n default logs talks --all-containers -f');
    const texts = await client.logEnded(log);
    assert.deepEqual([...texts].sort(), ['again', 'before', 'beside', 'from main']);
    assert.equal(texts[0], 'before');
    const { sources, lines } = client.log(log);
    assert.deepEqual(sources.map(({ name, state, message }) => [name, state, message]).sort(), [
      ['talks/init', 'ended', 'ended (exit 0, Completed)'],
      ['talks/main', 'ended', 'ended (exit 0, Completed)'],
      ['talks/side', 'ended', 'ended (exit 0, Completed)'],
    ]);
    assert.match(lines[0]?.[1] ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-])/);
    const tail = await open({ kind: 'pods', pods: ['talks'] }, { container: 'main' }, { tail: 1 });
    assert.deepEqual(await client.logEnded(tail.log), ['again']);
    const none = await open({ kind: 'pods', pods: ['talks'] }, {}, { since: Date.now() + 60_000 });
    assert.deepEqual(await client.logEnded(none.log), []);
  });

  it('go on over restarts of the container, and tell of the one before', async () => {
    const script =
      'i=0; while [ $i -lt 20 ]; do echo $(cat /n/n)-$i; i=$((i+1)); done; echo x >>/n/x; wc -l </n/x >/n/n; sleep 1';
    const volume = { name: 'n', emptyDir: {} };
    const mounts = { volumeMounts: [{ name: 'n', mountPath: '/n' }] };
    const init = box('echo 0 >/n/n', { name: 'init', ...mounts });
    await cluster.apply(
      pod('starts', '', { containers: [box(script, mounts)], initContainers: [init], volumes: [volume] }),
    );
    const { log } = await open({ kind: 'pods', pods: ['starts'] }, { container: 'main' });
    const texts = await client.hasLine(log, /^2-19$/);
    const all = [0, 1, 2].flatMap(start => Array.from({ length: 20 }, (_, i) => `${start}-${i}`));
    assert.deepEqual(texts.slice(0, 60), all);
    const before = await open({ kind: 'pods', pods: ['starts'] }, { container: 'main', previous: true });
    const previous = await client.logEnded(before.log);
    assert.equal(previous.length, 20);
    await cluster.kubectl('delete', 'pod', 'starts', '--force', '--grace-period=0');
    await client.logEnded(log);
    assert.equal(client.log(log).sources[0]?.message, 'removed');
  });

  it('of a workload are merged, with pods that come later', async () => {
    await cluster.apply(deployment('web', 'echo I am $HOSTNAME; sleep 100000', 2));
    await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=90s');
    const { log, kubectl } = await open({ kind: 'workload', workload: 'deployments.apps', name: 'web' });
    assert.match(kubectl, /logs deployments.apps\/web --all-pods --prefix --all-containers -f$/);
    await waitFor('both', () => client.log(log).lines.length === 2, deadline);
    const [victim] = (await cluster.kubectl('get', 'pod', '-l', 'app=web', '-o', 'name')).split('\n');
    await cluster.kubectl('delete', victim ?? '', '--force', '--grace-period=0');
    await waitFor('its successor', () => client.log(log).lines.length === 3, deadline);
    const { sources, lines } = client.log(log);
    assert.equal(new Set(lines.map(([, , , text]) => text)).size, 3);
    await waitFor(
      'what is told of the first',
      () => client.log(log).sources.some(({ message }) => message === 'removed'),
      deadline,
    );
    assert.equal(sources.length, 3);
    assert.equal(client.log(log).isEnded, false);
    await client.connection.request(closeLog, { log });
    await cluster.kubectl('delete', 'deployment', 'web');
  });

  it('go on where the connection was cut: no line lost, none doubled', async () => {
    const gate = await openGate(Number(new URL(cluster.address).port));
    const file = join(agent.folders.data, '..', 'gated');
    const { writeFile } = await import('node:fs/promises');
    const text = await readFile(cluster.kubeconfig, 'utf8');
    await writeFile(file, text.replace(cluster.address, `https://127.0.0.1:${gate.port}`));
    const own = new StreamClient(await agent.connect());
    await new ClusterClient(own.connection).list({ KUBECONFIG: file });
    await cluster.apply(pod('counts', 'i=0; while true; do echo $i; i=$((i+1)); sleep 0.05; done'));
    await ready('counts');
    const of = { kind: 'pods' as const, namespace: 'default', pods: ['counts'] };
    const { log } = await own.connection.request(openPodLog, {
      context: 'test',
      of,
      range: { follow: true },
    });
    await own.hasLine(log, /^5$/);
    gate.shut();
    await waitFor('it to say so', () => own.log(log).sources[0]?.state === 'waiting', deadline);
    const at = own.log(log).lines.length;
    gate.open();
    await waitFor('more', () => own.log(log).lines.length > at + 20, deadline);
    const texts = own.log(log).lines.map(([, , , each]) => each);
    assert.deepEqual(texts, [...texts.keys()].map(String));
    own.connection.dispose();
    await gate[Symbol.asyncDispose]();
    await cluster.kubectl('delete', 'pod', 'counts', '--force', '--grace-period=0');
  });

  it('are saved to a file, and refused with the verb that is missing', async () => {
    const path = join(agent.folders.data, '..', 'saved.log');
    const of = { kind: 'pods' as const, namespace: 'default', pods: ['talks'] };
    const saved = await client.connection.request(savePodLog, {
      ...{ context: 'test', of, path },
      container: 'main',
      range: {},
    });
    assert.deepEqual(saved, { bytes: 16, lines: 2 });
    assert.equal(await readFile(path, 'utf8'), 'from main\nagain\n');
    await assert.rejects(open({ kind: 'pods', pods: ['talks'] }, { context: 'viewer' }), error => {
      const { message, details } = error as { message: string; details: Record<string, unknown> };
      assert.match(message, /viewer may not list pods in default/);
      assert.equal(details['verb'], 'list');
      return true;
    });
  });

  it('wait for a pod that is not there yet to start', async () => {
    await cluster.apply(pod('late', 'echo here', { restartPolicy: 'Never', nodeSelector: { none: 'yes' } }));
    const { log, sources } = await open({ kind: 'pods', pods: ['late'] });
    assert.equal(sources[0]?.name, 'late/main');
    await waitFor('it to wait', () => client.log(log).sources[0]?.state === 'waiting', deadline);
    await cluster.kubectl('label', 'node', 'node-1', 'none=yes');
    assert.deepEqual(await client.logEnded(log), ['here']);
  });
});
