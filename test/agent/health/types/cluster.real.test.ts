import * as assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { CheckResult } from '../../../../agent/health/checkSpec';
import { freePort } from '../../../support/freePort';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { kubernetes, kubernetesNode } from '../../../support/kubernetes/programs';
import { deployment } from '../../../support/kubernetes/somePods';
import { needs } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { probe } from './probing';

/** Looks until a check is in a state. */
function turns(state: CheckResult['state'], look: () => Promise<CheckResult>): Promise<CheckResult> {
  return waitFor(
    `a check to be ${state}`,
    async () => {
      const found = await look();
      return found.state === state ? found : undefined;
    },
    120_000,
  );
}

describe('a check of type workload', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  before(needs(kubernetesNode));
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster({ node: true });
  });
  after(() => cluster?.[Symbol.asyncDispose]());
  const look = (workload: string, more: object = {}) =>
    probe({ type: 'workload', workload, ...more }, '/', { KUBECONFIG: cluster.kubeconfig });

  it('is up once the pods of a deployment are ready, and down where one is not', async () => {
    const readiness = {
      exec: { command: ['sh', '-c', 'test ! -e /sick'] },
      periodSeconds: 1,
      failureThreshold: 1,
    };
    await cluster.apply(deployment('web', 'sleep 1000', 2, { readinessProbe: readiness }));
    const { values } = await turns('up', () => look('deployment/web'));
    const { desired, ready, updated, available, generation, observed, failed } = values;
    assert.deepEqual([desired, ready, updated, available, failed], [2, 2, 2, 2, false]);
    assert.equal(generation, observed);
    const pods = await cluster.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name');
    const [one = ''] = pods.split('\n');
    await cluster.kubectl('exec', one, '--', 'touch', '/sick');
    const { message } = await turns('down', () => look('deploy/web'));
    assert.equal(message, 'available was 1, wanted at least desired (2)');
    await cluster.kubectl('exec', one, '--', 'rm', '/sick');
    await turns('up', () => look('deploy/web'));
  });

  it('follows statefulsets and daemonsets', async () => {
    const made = deployment('each', 'sleep 1000') as { spec: Record<string, unknown> };
    const spec = { ...made.spec };
    delete spec['replicas'];
    await cluster.apply({ ...made, kind: 'DaemonSet', spec });
    await cluster.apply({ ...made, kind: 'StatefulSet', spec: { ...made.spec, serviceName: 'each' } });
    for (const kind of ['statefulset', 'sts', 'daemonset', 'ds']) {
      const { values } = await turns('up', () => look(`${kind}/each`));
      assert.deepEqual([values['desired'], values['ready']], [1, 1], kind);
    }
    const none = { nodeSelector: { 'handrail.test/none': 'there' } };
    const template = { ...(spec['template'] as { spec: object }) };
    await cluster.apply({
      ...made,
      kind: 'StatefulSet',
      spec: {
        ...made.spec,
        serviceName: 'each',
        template: { ...template, spec: { ...template.spec, ...none } },
      },
    });
    const missing = await turns('down', () => look('sts/each', { up: 'available >= desired' }));
    assert.equal(missing.message, 'available was 0, wanted at least desired (1)');
  });

  it('tells a job that works, has ended well, or was given up', async () => {
    const job = (name: string, script: string) => {
      const { spec } = deployment(name, script) as { spec: { template: { spec: object } } };
      const template = { spec: { ...spec.template.spec, restartPolicy: 'Never' } };
      const metadata = { name, namespace: 'default' };
      return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { backoffLimit: 0, template } };
    };
    await cluster.apply(job('works', 'sleep 1000'));
    assert.equal((await turns('up', () => look('job/works'))).values['desired'], 1);
    await cluster.apply(job('ends', 'exit 0'));
    const ended = await turns('up', () => look('job/ends', { up: 'succeeded == 1' }));
    assert.equal(ended.values['desired'], 0);
    assert.equal((await look('job/ends')).state, 'up');
    await cluster.apply(job('fails', 'exit 1'));
    const { message, values } = await turns('down', () => look('job/fails', { up: '!failed' }));
    assert.equal(message, 'failed was true, wanted the contrary');
    assert.match(String(values['reason']), /backoff limit/);
  });

  it('is down where there is none, and unknown where nobody may look', async () => {
    const gone = await look('deploy/gone', { namespace: 'default' });
    assert.deepEqual([gone.state, gone.message], ['down', 'There is no deploy/gone in default of test']);
    const forbidden = await look('deploy/web', { context: 'viewer' });
    assert.equal(forbidden.state, 'unknown');
    assert.match(forbidden.message, /cannot get resource "deployments"/);
    const other = await look('deploy/web', { context: 'elsewhere' });
    assert.deepEqual(
      [other.state, /There is no context elsewhere. There is test, viewer/.test(other.message)],
      ['unknown', true],
    );
  });
});

describe('a check of a cluster that cannot be asked', function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(needs(kubernetes));
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster();
    await cluster.apply(deployment('web', 'sleep 1000', 0));
    folder = await temporaryFolder('kubeconfig');
  });
  after(async () => {
    await folder?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });
  /** A kubeconfig of the cluster with another user, or another server. */
  const kubeconfig = async (user: object | undefined, server?: string): Promise<string> => {
    const config = parse(await readFile(cluster.kubeconfig, 'utf8')) as {
      users: { user: object }[];
      clusters: { cluster: { server: string } }[];
    };
    if (user !== undefined) config.users[0]!.user = user;
    if (server !== undefined) config.clusters[0]!.cluster.server = server;
    const path = join(folder.path, `config-${await freePort()}`);
    await writeFile(path, stringify(config), { mode: 0o600 });
    return path;
  };
  const look = async (user: object | undefined, more: object = {}, server?: string) => {
    const KUBECONFIG = await kubeconfig(user, server);
    return probe({ type: 'workload', workload: 'deploy/web', up: 'desired == 0', ...more }, '/', {
      KUBECONFIG,
    });
  };
  /** A plugin that gives a token and notes that it ran. */
  const plugin = async (name: string, script: string) => {
    const command = join(folder.path, name);
    await writeFile(command, `#!/bin/sh\necho ran >> ${command}.ran\n${script}\n`);
    await chmod(command, 0o755);
    return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' } };
  };
  const gives = (token: string) =>
    `echo '${JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } })}'`;

  it('is unknown, and says to log in, where the token is not accepted', async () => {
    const { state, message } = await look({ token: 'expired' });
    assert.equal(state, 'unknown');
    assert.match(message, /^log in: .*does not accept the credentials of admin \(401\)/);
  });

  it('never runs a plugin that could open a browser', async () => {
    const user = await plugin('kubectl-oidc_login', gives(cluster.tokens.admin));
    const { state, message } = await look(user);
    assert.equal(state, 'unknown');
    assert.match(message, /^log in: .*kubectl-oidc_login may open a browser/);
    await assert.rejects(readFile(join(folder.path, 'kubectl-oidc_login.ran')));
  });

  it('uses a plugin that opens none', async () => {
    assert.equal((await look(await plugin('aws', gives(cluster.tokens.admin)))).state, 'up');
    const failing = await plugin('doctl', 'echo "no token" >&2; exit 1');
    const { state, message } = await look(failing);
    assert.equal(state, 'unknown');
    assert.match(message, /^log in: .*doctl failed with exit 1: no token/);
  });

  it('is unknown where the server is not there, and down where it hangs', async () => {
    const gone = await look(undefined, {}, `https://127.0.0.1:${await freePort()}`);
    assert.equal(gone.state, 'unknown');
    assert.match(gone.message, /connection refused/);
    await cluster.freeze();
    try {
      const { state, message } = await look(undefined, { timeout: '1s' });
      assert.deepEqual([state, message], ['down', 'deploy/web: no answer within 1 s']);
    } finally {
      await cluster.thaw();
    }
  });

  it('tells of drift: in sync, changed, missing', async () => {
    const path = join(folder.path, 'shop.yaml');
    const map = (name: string, value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
      data: { value },
    });
    const write = (...maps: object[]) => writeFile(path, maps.map(each => stringify(each)).join('---\n'));
    const drift = (more: object = {}) =>
      probe({ type: 'drift', manifests: 'shop.yaml', ...more }, folder.path, {
        KUBECONFIG: cluster.kubeconfig,
      });
    await write(map('one', 'a'), map('two', 'a'));
    await cluster.kubectl('apply', '-f', path);
    const same = await drift();
    assert.deepEqual([same.state, same.values['count'], same.values['differ']], ['up', 2, 0]);
    await cluster.kubectl('patch', 'configmap', 'one', '-p', '{"data":{"value":"b"}}');
    await cluster.kubectl('delete', 'configmap', 'two');
    const other = await drift();
    assert.deepEqual([other.state, other.message], ['down', 'differ was 2, wanted 0']);
    assert.deepEqual(other.values['names'], ['configmaps/default/one', 'configmaps/default/two']);
    assert.equal(other.values['missing'], 1);
    // It was looked at and no more.
    assert.equal(await cluster.kubectl('get', 'configmap', 'one', '-o', 'jsonpath={.data.value}'), 'b');
    const gone = await drift({ manifests: 'no-such' });
    assert.deepEqual([gone.state, /no-such cannot be read/.test(gone.message)], ['unknown', true]);
    await writeFile(path, 'kind: [');
    assert.equal((await drift()).state, 'unknown');
  });
});
