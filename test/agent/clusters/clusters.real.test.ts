import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  allows,
  getObject,
  listAllowed,
  listEvents,
  listPodContainers,
} from '../../../agent/protocol/clusterObjects';
import {
  contextsChanged,
  unwatchContext,
  watchContext,
  retryContext,
  listContexts,
} from '../../../agent/protocol/contexts';
import { ClusterClient, rowOf, stateOf } from '../../support/kubernetes/clusterClient';
import { type Cluster, startCluster } from '../../support/kubernetes/cluster';
import { kubernetes } from '../../support/kubernetes/programs';
import { openGate } from '../../support/gate';
import { needs } from '../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../support/scriptedAgent';
import { waitFor } from '../../support/waitFor';

const deadline = 60_000;

describe('clusters through the agent', function () {
  this.timeout(240_000);
  before(needs(kubernetes));
  let cluster: Cluster;
  let agent: ScriptedAgent;
  let client: ClusterClient;
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster();
  });
  after(() => cluster?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    agent = await startScriptedAgent();
    client = new ClusterClient(await agent.connect());
    await client.list({ KUBECONFIG: cluster.kubeconfig });
  });
  afterEach(async () => {
    client.connection.dispose();
    await agent.agent.closeAreas();
    await agent[Symbol.asyncDispose]();
  });

  const stateNow = (context: string) => client.states.get(context)?.at(-1);
  const pod = (name: string, more: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'localhost/busybox:1' }] },
    ...more,
  });
  const setStatus = (name: string, status: object) =>
    cluster.kubectl(
      'patch',
      'pod',
      name,
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status }),
    );

  it('are listed without being contacted, and not for a workspace that is not trusted', async () => {
    const contexts = await client.list({ KUBECONFIG: cluster.kubeconfig });
    assert.deepEqual(
      contexts.map(({ id, current, state, login }) => [id, current, state.kind, login]),
      [
        ['test', true, 'idle', 'token'],
        ['viewer', false, 'idle', 'token'],
      ],
    );
    const untrusted = await agent.connect(false);
    await assert.rejects(untrusted.request(listContexts, { environment: {} }), /not trusted/);
    untrusted.dispose();
  });

  it('tell their version and kinds once they are watched', async () => {
    await client.connection.request(watchContext, { context: 'test' });
    const state = await waitFor(
      'it to be connected',
      () => {
        const now = stateNow('test');
        return now?.kind === 'connected' && now;
      },
      deadline,
    );
    assert.match(state.version, /^v1\.\d+/);
    const kinds = await waitFor('its kinds', () => client.kinds.get('test'), deadline);
    const deployments = kinds.find(({ id }) => id === 'deployments.apps');
    assert.partialDeepStrictEqual(deployments, {
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      plural: 'deployments',
      short: ['deploy'],
      namespaced: true,
      custom: false,
    });
    assert.ok(deployments?.verbs.includes('watch'));
    assert.ok(deployments?.verbs.includes('scale/patch'));
    assert.equal(kinds.find(({ id }) => id === 'nodes')?.namespaced, false);
    await client.connection.request(unwatchContext, { context: 'test' });
  });

  it('show what kubectl prints, and what changes', async () => {
    await cluster.apply(pod('one'));
    const pods = await client.watch('test', 'pods', 'default');
    await stateOf(pods, 'live');
    assert.deepEqual(
      pods.columns.filter(({ priority }) => priority === 0).map(({ name }) => name),
      ['Name', 'Ready', 'Status', 'Restarts', 'Age'],
    );
    const one = await rowOf(pods, 'one');
    assert.deepEqual(one.cells.slice(0, 5), ['one', '0/1', 'Pending', '0', null]);
    assert.equal(one.namespace, 'default');
    assert.ok(Math.abs(one.createdAt - Date.now()) < 600_000);
    await cluster.apply(pod('two'));
    await rowOf(pods, 'two');
    await cluster.kubectl('delete', 'pod', 'one', '--force', '--grace-period=0');
    await waitFor('one to go', () => ![...pods.rows.values()].some(({ name }) => name === 'one'), deadline);
    assert.equal(pods.resets, 1, 'only the one that all begins with');
    await client.unwatch(pods);
    await cluster.kubectl('delete', 'pod', 'two', '--force', '--grace-period=0');
  });

  it('say what is wrong with pods, from a list and from a watch', async () => {
    const crash = {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'main',
          image: 'x',
          imageID: '',
          ready: false,
          restartCount: 12,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting' } },
          lastState: {
            terminated: {
              exitCode: 137,
              reason: 'OOMKilled',
              startedAt: new Date(Date.now() - 130_000).toISOString(),
              finishedAt: new Date(Date.now() - 120_000).toISOString(),
            },
          },
        },
      ],
    };
    const pending = {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes: cpu' },
      ],
    };
    await cluster.apply(pod('crashing'));
    await setStatus('crashing', crash);
    await cluster.apply(pod('waiting'));
    await setStatus('waiting', pending);
    const pods = await client.watch('test', 'pods');
    const crashing = await rowOf(pods, 'crashing', ({ problem }) => problem?.last !== undefined);
    assert.equal(crashing.state, 'failed');
    assert.partialDeepStrictEqual(crashing.problem, {
      severity: 'error',
      reason: 'CrashLoopBackOff',
      message: 'back-off 5m0s restarting',
      container: 'main',
      last: { reason: 'OOMKilled', exit: 137 },
    });
    assert.equal(crashing.cells[3], '12');
    assert.ok(Math.abs((crashing.restartedAt ?? 0) - (Date.now() - 120_000)) < 60_000);
    const waiting = await rowOf(pods, 'waiting', ({ problem }) => problem !== undefined);
    assert.deepEqual(
      [waiting.problem?.reason, waiting.problem?.message],
      ['Unschedulable', '0/1 nodes: cpu'],
    );
    await stateOf(pods, 'live');
    await cluster.apply(pod('late'));
    await rowOf(pods, 'late');
    await setStatus('late', crash);
    await rowOf(pods, 'late', ({ problem }) => problem?.last?.reason === 'OOMKilled');
    await cluster.kubectl('delete', 'pod', '--all', '--force', '--grace-period=0');
  });

  it('say who may not, and go on once they may', async () => {
    const pods = await client.watch('viewer', 'pods', 'default');
    const state = await stateOf(pods, 'forbidden');
    assert.equal(state.verb, 'list');
    assert.match(state.message, /pods is forbidden: User "viewer" cannot list resource "pods"/);
    await cluster.kubectl('create', 'role', 'sees', '--verb=list,watch,get', '--resource=pods');
    await cluster.kubectl('create', 'rolebinding', 'sees', '--role=sees', '--user=viewer');
    await waitFor(
      'the right to count',
      () =>
        cluster.kubectl('auth', 'can-i', 'list', 'pods', '--as=viewer').then(
          () => true,
          () => false,
        ),
      deadline,
    );
    await client.connection.request(retryContext, { context: 'viewer' });
    await stateOf(pods, 'live');
    await cluster.kubectl('delete', 'rolebinding,role', 'sees');
  });

  it('are there again after the API server was killed, with what changed meanwhile', async () => {
    const maps = await client.watch('test', 'configmaps', 'default');
    await client.connection.request(watchContext, { context: 'test' });
    await stateOf(maps, 'live');
    await cluster.kill();
    // While it dies it may still take connections, and cut them.
    await waitFor(
      'the table to say so',
      () => stateOf(maps, 'failed').then(({ trouble }) => trouble === 'refused'),
      deadline,
    );
    await waitFor('the context to say so', () => stateNow('test')?.kind === 'failed', deadline);
    await cluster.start();
    await cluster.kubectl('create', 'configmap', 'after');
    await rowOf(maps, 'after');
    await stateOf(maps, 'live');
    await waitFor('the context to say so', () => stateNow('test')?.kind === 'connected', deadline);
    assert.equal(maps.resets, 1);
    await cluster.kubectl('delete', 'configmap', 'after');
  });

  it('list again, telling only what differs, where the server has forgotten', async () => {
    for (const name of ['kept', 'going']) await cluster.kubectl('create', 'configmap', name);
    // The server changes while nobody can see it.
    const gate = await openGate(Number(new URL(cluster.address).port));
    const file = join(agent.folders.data, '..', 'kubeconfig');
    const text = await readFile(cluster.kubeconfig, 'utf8');
    await writeFile(file, text.replace(cluster.address, `https://127.0.0.1:${gate.port}`));
    await client.list({ KUBECONFIG: file });
    const maps = await client.watch('test', 'configmaps', 'default');
    await rowOf(maps, 'going');
    await stateOf(maps, 'live');
    const { told } = maps;
    const list = ['get', '--raw', '/api/v1/namespaces/default/configmaps?limit=1'];
    const { metadata } = JSON.parse(await cluster.kubectl(...list)) as {
      metadata: { resourceVersion: string };
    };
    gate.shut();
    await stateOf(maps, 'failed');
    await cluster.kubectl('delete', 'configmap', 'going');
    await cluster.kubectl('create', 'configmap', 'coming');
    await cluster.compact();
    const watch = `/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=5&resourceVersion=${metadata.resourceVersion}`;
    assert.match(await cluster.kubectl('get', '--raw', watch), /"code":410/);
    gate.open();
    await rowOf(maps, 'coming');
    await waitFor('it to go', () => ![...maps.rows.values()].some(({ name }) => name === 'going'), deadline);
    assert.ok([...maps.rows.values()].some(({ name }) => name === 'kept'));
    await stateOf(maps, 'live');
    assert.equal(maps.resets, 1);
    assert.equal(maps.told - told, 1, 'only what is new');
    await gate[Symbol.asyncDispose]();
    await cluster.kubectl('delete', 'configmap', 'kept', 'coming');
  });

  it('give an object as YAML, its events and what one may do with it', async () => {
    const { connection } = client;
    await cluster.kubectl('create', 'secret', 'generic', 'key', '--from-literal=password=hunter22');
    const object = { kind: 'secrets', namespace: 'default', name: 'key' };
    const ask = (more: object) =>
      connection.request(getObject, { context: 'test', object, by: 'ana', ...more });
    const masked = await ask({});
    assert.match(masked.yaml, /password: "?\*\*\*"?/);
    assert.doesNotMatch(masked.yaml, /managedFields|aHVudGVyMjI/);
    assert.match((await ask({ reveal: true, managedFields: true })).yaml, /managedFields[^]*aHVudGVyMjI/);
    const [noted] = agent.agent.engine().store.audit.list({ limit: 1 });
    assert.deepEqual([noted?.action, noted?.subject], ['object.reveal', 'secrets/default/key']);
    await assert.rejects(ask({ object: { ...object, name: 'none' } }), /secrets "none" not found/);
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e1', namespace: 'default' },
      involvedObject: { kind: 'Secret', name: 'key', namespace: 'default' },
      reason: 'Seen',
      message: 'somebody looked',
      type: 'Warning',
      count: 3,
      lastTimestamp: '2026-01-01T00:00:00Z',
    });
    const { events } = await connection.request(listEvents, { context: 'test', object });
    assert.partialDeepStrictEqual(events, [
      { reason: 'Seen', type: 'Warning', count: 3, lastAt: 1767225600000 },
    ]);
    const all = await connection.request(listAllowed, { context: 'test', namespace: 'default' });
    assert.ok(allows(all.rules, { verb: 'delete', group: 'apps', resource: 'deployments' }));
    const few = await connection.request(listAllowed, { context: 'viewer', namespace: 'default' });
    assert.ok(!allows(few.rules, { verb: 'list', group: '', resource: 'pods' }));
    await cluster.apply(pod('boxed'));
    const where = { context: 'test', namespace: 'default', pod: 'boxed' };
    assert.partialDeepStrictEqual((await connection.request(listPodContainers, where)).containers, [
      { name: 'main', type: 'container', image: 'localhost/busybox:1', state: 'unknown', restarts: 0 },
    ]);
    await cluster.kubectl('delete', 'secret/key', 'event/e1');
    await cluster.kubectl('delete', 'pod', 'boxed', '--force', '--grace-period=0');
  });

  it('say that they hang, and are there again', async () => {
    await client.connection.request(watchContext, { context: 'test' });
    await waitFor('it to be connected', () => stateNow('test')?.kind === 'connected', deadline);
    await cluster.freeze();
    const asked = client.connection.request(getObject, {
      context: 'test',
      object: { kind: 'namespaces', name: 'default' },
      by: 'ana',
    });
    await assert.rejects(asked, /takes the connection and does not answer/);
    await cluster.thaw();
  });

  it('say that a kind has gone, and that it is there again', async () => {
    const kind = 'gadgets.test.handrail.dev';
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: kind },
      spec: {
        group: 'test.handrail.dev',
        scope: 'Namespaced',
        names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
          },
        ],
      },
    };
    await client.connection.request(watchContext, { context: 'test' });
    const none = await client.watch('test', kind, 'default');
    assert.match((await stateOf(none, 'gone')).message, /no kind gadgets/);
    await cluster.apply(definition);
    await cluster.kubectl('wait', '--for=condition=Established', `crd/${kind}`);
    const gadget = {
      apiVersion: 'test.handrail.dev/v1',
      kind: 'Gadget',
      metadata: { name: '007' },
      spec: { size: 3 },
    };
    await waitFor(
      'the kind',
      () =>
        cluster.apply(gadget).then(
          () => true,
          () => false,
        ),
      deadline,
    );
    const row = await rowOf(none, '007');
    assert.deepEqual(row.cells.slice(0, 2), ['007', 3]);
    await cluster.kubectl('delete', 'crd', kind);
    await stateOf(none, 'gone');
    assert.equal(none.rows.size, 0);
    await waitFor(
      'the kinds to tell',
      () => client.kinds.get('test')?.every(({ id }) => id !== kind),
      deadline,
    );
  });

  it('tell all kinds but those of an API server that is down', async () => {
    await cluster.apply({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.down.test' },
      spec: {
        group: 'down.test',
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name: 'none', namespace: 'default' },
      },
    });
    await client.connection.request(watchContext, { context: 'test' });
    await waitFor(
      'the group to be told',
      async () => {
        await client.connection.request(retryContext, { context: 'test' });
        return client.downGroups.get('test')?.includes('down.test/v1');
      },
      deadline,
    );
    assert.ok(client.kinds.get('test')?.some(({ id }) => id === 'pods'));
    await cluster.kubectl('delete', 'apiservice', 'v1.down.test');
  });

  /** The kubeconfig of the cluster, changed; listed. */
  const changed = async (change: (text: string) => string, env: Record<string, string> = {}) => {
    const file = join(agent.folders.data, '..', 'kubeconfig');
    const text = await readFile(cluster.kubeconfig, 'utf8');
    const now = change(text);
    assert.notEqual(now, text);
    await writeFile(file, now);
    return client.list({ ...env, KUBECONFIG: file });
  };

  it('are reached through a proxy', async () => {
    const through: string[] = [];
    const proxy = createServer().on('connect', (request, socket: Socket) => {
      through.push(request.url ?? '');
      const to = connect(Number(new URL(cluster.address).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(to).pipe(socket);
      });
      to.on('error', () => socket.destroy());
      socket.on('error', () => to.destroy());
    });
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    await changed(text => text.replace(/server: (.*)/, `$&\n      proxy-url: http://127.0.0.1:${port}`));
    await stateOf(await client.watch('test', 'namespaces'), 'live');
    assert.ok(
      through.length > 0 && through.every(each => each === new URL(cluster.address).host),
      through.join(),
    );
    proxy.closeAllConnections();
    proxy.close();
  });

  it('run a credential plugin only when they are watched, once for all that wait', async () => {
    const home = join(agent.folders.data, '..');
    const login = join(home, 'login');
    const credential = { kind: 'ExecCredential', status: { token: cluster.tokens.admin } };
    await writeFile(
      login,
      `#!/bin/sh\necho ran >> ${home}/ran\nsleep 0.3\necho '${JSON.stringify(credential)}'\n`,
    );
    await chmod(login, 0o755);
    const exec = `exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ${login}}`;
    const [found] = await changed(text => text.replace(`token: ${cluster.tokens.admin}`, exec), {
      PATH: process.env['PATH'] ?? '',
    });
    assert.deepEqual([found?.login, found?.plugin, found?.state.kind], ['plugin', login, 'idle']);
    await assert.rejects(readFile(join(home, 'ran')), /ENOENT/);
    const tables = await Promise.all(['pods', 'services', 'nodes'].map(kind => client.watch('test', kind)));
    await client.connection.request(watchContext, { context: 'test' });
    for (const table of tables) await stateOf(table, 'live');
    await waitFor('it to be connected', () => stateNow('test')?.kind === 'connected', deadline);
    assert.equal(await readFile(join(home, 'ran'), 'utf8'), 'ran\n');
    assert.ok(
      client.states
        .get('test')
        ?.some(each => each.kind === 'connecting' && each.waitsFor === 'credentials from login'),
    );
  });

  it('tell when others are there', async () => {
    const contexts = await changed(text => `${text}\n`);
    assert.equal(contexts.length, 2);
    const told = new Promise<void>(resolve => client.connection.on(contextsChanged, () => resolve()));
    await writeFile(join(agent.folders.data, '..', 'kubeconfig'), 'contexts: [');
    await told;
  });

  const broken: [string, (kubeconfig: string) => string, string, RegExp][] = [
    [
      'a wrong token',
      text => text.replace(cluster.tokens.admin, 'wrong'),
      'login',
      /does not accept the credentials of admin \(401\)/,
    ],
    ['another authority', text => text.replace(/certificate-authority: .*/, ''), 'tls', /unknown authority/],
    [
      'another name',
      text => text.replace(/server: .*/, '$&\n      tls-server-name: other.example'),
      'tls',
      /another name/,
    ],
    ['a port where nobody listens', text => text.replace(/:\d+$/m, ':1'), 'refused', /connection refused/],
    [
      'a host that is not there',
      text => text.replace('127.0.0.1', 'nowhere.invalid'),
      'notThere',
      /no host of that name/,
    ],
    [
      'a certificate that is not there',
      text => text.replace(/certificate-authority: .*/, 'certificate-authority: no.pem'),
      'invalid',
      /no\.pem is not there/,
    ],
  ];
  for (const [name, change, trouble, message] of broken) {
    it(`say why they cannot be used: ${name}`, async () => {
      await changed(change);
      await client.connection.request(watchContext, { context: 'test' });
      const state = await waitFor(
        'it to fail',
        () => {
          const now = stateNow('test');
          return now?.kind === 'failed' && now;
        },
        deadline,
      );
      assert.equal(state.trouble, trouble, state.message);
      assert.match(state.message, message);
    });
  }
});
