import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareManifests } from '../../../../agent/protocol/clusterManifests';
import { ClusterClient } from '../../../support/kubernetes/clusterClient';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { kubernetes } from '../../../support/kubernetes/programs';
import { needs } from '../../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../../support/scriptedAgent';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { crd, deploymentYaml, usual } from './someManifests';

describe('manifests compared with a cluster', function () {
  this.timeout(180_000);
  before(needs(kubernetes));
  let cluster: Cluster;
  let agent: ScriptedAgent;
  let client: ClusterClient;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster();
    agent = await startScriptedAgent();
    client = new ClusterClient(await agent.connect());
    const { PATH = '' } = process.env;
    await client.list({ KUBECONFIG: cluster.kubeconfig, PATH });
    await cluster.kubectl('create', 'namespace', 'shop');
  });
  beforeEach(async () => void (folder = await temporaryFolder('drift')));
  afterEach(() => folder?.[Symbol.asyncDispose]());
  after(async () => {
    client?.connection.dispose();
    await agent?.agent.closeAreas();
    await agent?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const put = async (name: string, text: string): Promise<string> => {
    const path = join(folder.path, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    return path;
  };
  const compare = (more: object = {}, context = 'test') =>
    client.connection.request(compareManifests, { context, path: folder.path, namespace: 'shop', ...more });
  const states = async (more?: object) =>
    Object.fromEntries((await compare(more)).objects.map(({ id, state }) => [id, state]));

  it('are in sync where only what the server fills in differs', async () => {
    await put('web.yaml', deploymentYaml('web'));
    await put(
      'sub/map.json',
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' } }),
    );
    const missing = await states();
    assert.deepEqual(missing, { 'deployments.apps/shop/web': 'missing', 'configmaps/shop/map': 'missing' });
    await cluster.kubectl('apply', '-n', 'shop', '-f', folder.path, '-R');
    const { objects, problems } = await compare();
    assert.deepEqual(problems, []);
    assert.deepEqual(
      objects.map(({ state, diff }) => [state, diff]),
      [
        ['inSync', ''],
        ['inSync', ''],
      ],
    );
  });

  it('may be written as kubectl and charts write them', async () => {
    const text = deploymentYaml('usual')
      .replace(
        'name: usual',
        'name: usual\n  creationTimestamp: null\n  annotations: {at: 2026-01-01, time: 22:22}',
      )
      .replace(/$/, usual);
    await put('usual.yaml', text);
    assert.deepEqual(await states(), { 'deployments.apps/shop/usual': 'missing' });
    await cluster.kubectl('apply', '-n', 'shop', '-f', folder.path);
    const { objects, problems } = await compare();
    assert.deepEqual([problems, objects[0]?.state, objects[0]?.diff], [[], 'inSync', '']);
  });

  it('are changed where somebody has changed, or the manifest has dropped, a field', async () => {
    const path = await put('web.yaml', deploymentYaml('dropping', ['A', 'B']));
    await cluster.kubectl('apply', '-n', 'shop', '-f', path);
    await cluster.kubectl('scale', 'deployment/dropping', '-n', 'shop', '--replicas=5');
    const [scaled] = (await compare()).objects;
    assert.equal(scaled?.state, 'changed');
    assert.match(scaled.diff, /^-  replicas: 5\n\+  replicas: 1$/m);
    assert.equal(scaled.line, 1);
    await cluster.kubectl('scale', 'deployment/dropping', '-n', 'shop', '--replicas=1');
    await put('web.yaml', deploymentYaml('dropping', ['A']));
    const [dropped] = (await compare()).objects;
    assert.match(dropped?.diff ?? '', /^-            - name: B$/m);
    assert.doesNotMatch(dropped?.diff ?? '', /^-.*name: A$/m);
  });

  it('do not show the values of Secrets', async () => {
    const secret = (value: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {same: same-value, token: ${value}}\n`;
    const path = await put('secret.yaml', secret('first-value'));
    await cluster.kubectl('apply', '-n', 'shop', '-f', path);
    assert.deepEqual(await states(), { 'secrets/shop/key': 'inSync' });
    await put('secret.yaml', secret('second-value'));
    const [told] = (await compare()).objects;
    assert.match(told?.diff ?? '', /^-  token: "?\*\*\* \(before\)"?\n\+  token: "?\*\*\* \(after\)"?$/m);
    const all = JSON.stringify(told);
    for (const value of ['first-value', 'second-value', 'same-value']) {
      assert.equal(all.includes(value), false);
      assert.equal(all.includes(Buffer.from(value).toString('base64')), false);
    }
  });

  it('name a wrong field and a wrong type with line and column', async () => {
    const path = await put(
      'bad.yaml',
      deploymentYaml('bad')
        .replace('replicas: 1', 'replicsa: 1')
        .replace('name: bad', 'name: bad\n  labels: {number: 8}'),
    );
    const { problems, objects } = await compare();
    assert.deepEqual(
      problems.map(({ file, line, column, message }) => [file, line, column, message]),
      [
        [path, 5, 12, 'number is a number, not text: put it in quotes'],
        [path, 7, 3, 'There is no field replicsa here; is replicas meant?'],
      ],
    );
    assert.partialDeepStrictEqual(objects[0], { state: 'failed', invalid: true });
  });

  it('name what the server refuses with its line', async () => {
    const path = await put(
      'port.yaml',
      'apiVersion: v1\nkind: Service\nmetadata: {name: port}\nspec:\n  ports:\n    - port: 80\n    - name: b\n      port: 99999\n',
    );
    const { problems } = await compare();
    assert.ok(
      problems.some(({ file, line, message }) => file === path && line === 8 && /65535/.test(message)),
      JSON.stringify(problems),
    );
  });

  it('that are broken are told with their line; other YAML is a warning', async () => {
    const path = await put('broken.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "x\n');
    await put('values.yaml', 'image: x\n');
    const { problems } = await compare();
    assert.deepEqual(
      problems.map(({ severity }) => severity),
      ['error', 'warning'],
    );
    assert.equal(problems[0]?.file, path);
    assert.ok((problems[0]?.line ?? 0) >= 4);
  });

  it('of an empty folder are none; of no folder an error', async () => {
    assert.deepEqual(await compare(), { ...(await compare()), objects: [], problems: [] });
    await assert.rejects(compare({ path: join(folder.path, 'none') }), /cannot be read: ENOENT/);
  });

  it('of kinds that the cluster has not, or that come with them', async () => {
    await put(
      'toy.yaml',
      'apiVersion: toys.example.org/v1\nkind: Toy\nmetadata: {name: bear}\nspec: {size: 3}\n',
    );
    const [unknown] = (await compare()).objects;
    assert.equal(unknown?.message, 'The cluster has no kind Toy in toys.example.org/v1');
    await put('crd.yaml', crd);
    assert.deepEqual(await states(), {
      'customresourcedefinitions.apiextensions.k8s.io/toys.toys.example.org': 'missing',
      'toys.toys.example.org/shop/bear': 'missing',
    });
    await cluster.kubectl('apply', '-f', join(folder.path, 'crd.yaml'));
    await cluster.kubectl(
      'wait',
      'crd/toys.toys.example.org',
      '--for=condition=Established',
      '--timeout=60s',
    );
    await cluster.kubectl('apply', '-n', 'shop', '-f', join(folder.path, 'toy.yaml'));
    await waitFor(
      'in sync',
      async () => Object.values(await states()).every(state => state === 'inSync'),
      30_000,
    );
    await put(
      'toy.yaml',
      'apiVersion: toys.example.org/v1\nkind: Toy\nmetadata: {name: bear}\nspec: {size: big}\n',
    );
    const { problems } = await compare();
    assert.ok(
      problems.some(({ line, message }) => line === 4 && /size/.test(message)),
      JSON.stringify(problems),
    );
  });

  it('by one who may not, name the missing verb', async () => {
    await put('map.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n');
    const [told] = (await compare({}, 'viewer')).objects;
    assert.partialDeepStrictEqual(told, {
      state: 'failed',
      invalid: false,
      message: 'viewer may not get configmaps in shop',
    });
    assert.match(told?.hint ?? '', /verb get/);
  });

  it('of a group that is down, leave the others', async () => {
    const down = {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.down.example.org' },
    };
    const service = { namespace: 'default', name: 'nowhere', port: 443 };
    const spec = {
      group: 'down.example.org',
      version: 'v1',
      groupPriorityMinimum: 10,
      versionPriority: 10,
      insecureSkipTLSVerify: true,
      service,
    };
    await cluster.apply({ ...down, spec });
    await put(
      'down.yaml',
      'apiVersion: down.example.org/v1\nkind: Thing\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n',
    );
    const [thing, other] = (await compare()).objects;
    assert.equal(thing?.state, 'failed');
    assert.match(thing.message ?? '', /down\.example\.org\/v1/);
    assert.equal(other?.state, 'missing');
    await cluster.kubectl('delete', 'apiservice', 'v1.down.example.org');
  });

  it('of a kustomization are what kubectl makes of it', async () => {
    await put('kustomization.yaml', 'namePrefix: pre-\nresources: [map.yaml]\n');
    await put('map.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n');
    const programs = join(cluster.folder, 'programs');
    await rm(programs, { recursive: true, force: true });
    await mkdir(programs);
    const { madeBy, objects } = await compare();
    assert.deepEqual([madeBy, objects.map(({ id }) => id)], ['kustomize', ['configmaps/shop/pre-map']]);
    const other = new ClusterClient(await agent.connect());
    await other.list({ KUBECONFIG: cluster.kubeconfig, PATH: programs });
    const asked = { context: 'test', path: folder.path };
    await assert.rejects(other.connection.request(compareManifests, asked), /no program for it is installed/);
    other.connection.dispose();
  });

  it('that are too large are refused in words', async () => {
    await put(
      'big.json',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'big' },
        data: { a: 'x'.repeat(2e6) },
      }),
    );
    const [told] = (await compare()).objects;
    assert.equal(told?.state, 'failed');
    assert.match(told?.message ?? '', /Too long: may not be more than 1048576 bytes|too large/);
  });
});
