import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  endForward,
  execInPod,
  type Forward,
  forwardPort,
  forwardsChanged,
} from '../../../../agent/protocol/clusterStreams';
import { closeStream, resizeStream } from '../../../../agent/protocol/streams';
import { ClusterClient } from '../../../support/kubernetes/clusterClient';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { kubernetesNode } from '../../../support/kubernetes/programs';
import { deployment, pod } from '../../../support/kubernetes/somePods';
import { StreamClient } from '../../../support/kubernetes/streamClient';
import { needs } from '../../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../../support/scriptedAgent';
import { waitFor } from '../../../support/waitFor';

const deadline = 90_000;

describe('streams of pods', function () {
  this.timeout(240_000);
  before(needs(kubernetesNode));
  let cluster: Cluster;
  let agent: ScriptedAgent;
  let client: StreamClient;
  let forwards: readonly Forward[] = [];
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster({ node: true });
    agent = await startScriptedAgent();
    client = new StreamClient(await agent.connect());
    client.connection.on(forwardsChanged, told => void (forwards = told.forwards));
    await new ClusterClient(client.connection).list({ KUBECONFIG: cluster.kubeconfig });
    await started(pod('box', 'sleep 100000'), 'box');
  });
  after(async () => {
    client?.connection.dispose();
    await agent?.agent.closeAreas();
    await agent?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const started = async (what: object, name: string) => {
    await cluster.apply(what);
    await cluster.kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=90s');
  };
  const exec = (more: object = {}) =>
    client.connection.request(execInPod, {
      ...{ context: 'test', namespace: 'default', pod: 'box', by: 'ana' },
      ...more,
    });

  it('carry what a command prints, both outputs, and its exit code', async () => {
    const { stream, kubectl } = await exec({ command: ['sh', '-c', 'echo out; echo err >&2; exit 7'] });
    assert.equal(
      kubectl,
      "kubectl --context test -n default exec -i box -c main -- sh -c 'echo out; echo err >&2; exit 7'",
    );
    assert.deepEqual(await client.ended(stream), { exit: 7 });
    const { out, err } = client.stream(stream);
    assert.deepEqual([out, err], ['out\n', 'err\n']);
    const none = await exec({ command: ['/no/such'] });
    assert.equal((await client.ended(none.stream)).exit, 127);
    assert.match(client.stream(none.stream).err, /not found/);
    const [ended] = agent.agent.engine().store.audit.list({ limit: 1 });
    assert.partialDeepStrictEqual(ended, {
      action: 'pod.exec.ended',
      subject: 'pods/default/box',
      actor: 'ana',
    });
  });

  it('open the best shell there is on a terminal of any size', async () => {
    const { stream, command } = await exec({ terminal: { columns: 91, rows: 22 } });
    assert.match(command[0] ?? '', /(^|\/)(ash|sh)$/);
    await client.write(stream, 'stty size; tty\n');
    await client.prints(stream, /22 91\r\n/);
    await client.prints(stream, /\/dev\/pts\/\d/);
    await client.connection.request(resizeStream, { stream, columns: 100, rows: 30 });
    await client.write(stream, 'sleep 0.3; stty size\n');
    await client.prints(stream, /30 100\r\n/);
    await client.write(stream, 'exit 3\n');
    assert.deepEqual(await client.ended(stream), { exit: 3 });
  });

  it('carry much, and end when they are closed', async () => {
    const { stream } = await exec({ command: ['head', '-c', '20000000', '/dev/zero'] });
    assert.deepEqual(await client.ended(stream), { exit: 0 });
    assert.equal(client.stream(stream).bytes, 20_000_000);
    const shell = await exec({ command: ['sh'], terminal: { columns: 80, rows: 24 } });
    await client.write(shell.stream, 'echo rea$((0))dy; sleep 4321\n');
    await client.prints(shell.stream, /rea0dy/);
    await client.connection.request(closeStream, { stream: shell.stream });
    assert.deepEqual(await client.ended(shell.stream), {});
    await waitFor(
      'what it ran to end',
      async () => !(await cluster.kubectl('exec', 'box', '--', 'ps', '-o', 'args')).includes('sleep 4321'),
      deadline,
    );
  });

  it('say why they end where that was not their own end', async () => {
    await started(pod('goes', 'sleep 100000'), 'goes');
    const { stream } = await exec({ pod: 'goes', command: ['sleep', '1000'] });
    await cluster.kubectl('delete', 'pod', 'goes', '--force', '--grace-period=0');
    assert.match((await client.ended(stream)).message ?? '', /^The pod goes (has been|is being) removed$/);
    const cut = await exec({ command: ['sleep', '1000'] });
    await cluster.kill();
    assert.match((await client.ended(cut.stream)).message ?? '', /connection was lost/);
    await cluster.start();
    await assert.rejects(exec({ pod: 'none' }), /"none" not found/);
    await assert.rejects(exec({ container: 'side' }), /has no container side/);
    await assert.rejects(exec({ context: 'viewer' }), /viewer may not get pods\/exec in default/);
  });

  const serves = 'while true; do echo "from $HOSTNAME" | nc -l -p 8000; done';
  const web = { context: 'test', namespace: 'default', by: 'ana' };
  const ask = async (port: number): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    return (await text(socket)).trim();
  };
  const answer = (port: number) => waitFor('an answer', async () => (await ask(port)) || undefined, deadline);

  it('forward a port, also when the pod is replaced', async () => {
    const ports = { ports: [{ name: 'http', containerPort: 8000 }] };
    await cluster.apply(deployment('web', serves, 1, ports));
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ name: 'main', port: 80, targetPort: 'http' }] },
    });
    await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=90s');
    const request = { ...web, kind: 'services', name: 'web', remote: 80 };
    const { forward } = await client.connection.request(forwardPort, request);
    assert.partialDeepStrictEqual(forward, { state: 'ready', remote: 8000, kind: 'services' });
    assert.equal(
      forward.kubectl,
      `kubectl --context test -n default port-forward services/web ${forward.local}:80`,
    );
    const first = await answer(forward.local);
    assert.equal(first, `from ${forward.pod}`);
    const ofPod = { ...web, kind: 'pods', name: forward.pod ?? '', remote: 'http' };
    const second = (await client.connection.request(forwardPort, ofPod)).forward;
    assert.equal(await answer(second.local), first);
    await cluster.kubectl('delete', 'pod', forward.pod ?? '', '--force', '--grace-period=0');
    for (const { local } of [forward, second]) {
      const next = await waitFor(
        'its successor',
        async () => {
          const said = await ask(local);
          return said !== '' && said !== first && said;
        },
        deadline,
      );
      assert.match(next, /^from web-/);
    }
    await waitFor(
      'it to be told',
      () => forwards.length === 2 && forwards.every(({ pod: now }) => now !== forward.pod),
      deadline,
    );
    await cluster.kubectl('scale', 'deployment/web', '--replicas=0');
    await waitFor('it to wait', () => forwards.every(({ state }) => state === 'waiting'), deadline);
    await cluster.kubectl('scale', 'deployment/web', '--replicas=1');
    await answer(forward.local);
    for (const { id } of forwards) await client.connection.request(endForward, { id });
    await waitFor('them to have gone', () => forwards.length === 0, deadline);
    await assert.rejects(client.connection.request(endForward, { id: forward.id }), /not forwarded any more/);
    const refused = connect(forward.local, '127.0.0.1');
    await new Promise(resolve => refused.once('error', resolve));
  });

  it('forward nothing that is not there, and say so', async () => {
    const asked = (more: object) =>
      client.connection.request(forwardPort, { ...web, kind: 'pods', name: 'box', remote: 9, ...more });
    await assert.rejects(asked({ remote: 'http' }), /box has no port http/);
    await assert.rejects(asked({ kind: 'services', name: 'web', remote: 81 }), /web has no port 81/);
    await assert.rejects(
      asked({ local: Number(new URL(cluster.address).port) }),
      /is taken by another program/,
    );
    await assert.rejects(asked({ context: 'viewer' }), /viewer may not list pods in default/);
    const { forward } = await asked({});
    assert.equal(await ask(forward.local), '');
    const told = await waitFor(
      'it to say why',
      () => forwards.find(({ state }) => state === 'failed'),
      deadline,
    );
    assert.match(told.message ?? '', /refused|9/);
  });

  it('ask for the name of a production context, forward into no read-only one, and are in the audit log', async () => {
    await mkdir(agent.folders.config, { recursive: true });
    const file = join(agent.folders.config, 'config.yaml');
    await writeFile(file, 'production: [test]\nreadOnly: [viewer]\n');
    try {
      await new ClusterClient(client.connection).list({ KUBECONFIG: cluster.kubeconfig });
      const asked = (more: object) =>
        client.connection.request(forwardPort, { ...web, kind: 'pods', name: 'box', remote: 9, ...more });
      await assert.rejects(asked({ context: 'viewer' }), /viewer: it is read-only/);
      await assert.rejects(asked({}), /test is production/);
      await assert.rejects(asked({ confirmed: 'tset' }), /test is production/);
      const { forward } = await asked({ confirmed: 'test' });
      await client.connection.request(endForward, { id: forward.id });
      await waitFor(
        'its end in the log',
        () => agent.agent.engine().store.audit.list({ limit: 1 })[0]?.action === 'port.forward.ended',
        deadline,
      );
    } finally {
      await writeFile(file, '');
      await new ClusterClient(client.connection).list({ KUBECONFIG: cluster.kubeconfig });
    }
  });

  it('end with their client', async () => {
    const own = new StreamClient(await agent.connect());
    await new ClusterClient(own.connection).list({ KUBECONFIG: cluster.kubeconfig });
    await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=90s');
    const request = { ...web, kind: 'deployments.apps', name: 'web', remote: 8000 };
    const { forward } = await own.connection.request(forwardPort, request);
    await answer(forward.local);
    own.connection.dispose();
    const isRefused = (): Promise<boolean> =>
      new Promise(resolve => {
        const socket = connect(forward.local, '127.0.0.1');
        socket.once('error', () => resolve(true));
        socket.once('connect', () => {
          socket.destroy();
          resolve(false);
        });
      });
    await waitFor('the port to be closed', isRefused, deadline);
  });
});
