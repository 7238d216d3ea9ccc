import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyManifests, compareManifests, editObject } from '../../../../agent/protocol/clusterManifests';
import { getObject } from '../../../../agent/protocol/clusterObjects';
import type { ParamsOf } from '../../../../agent/protocol/message';
import { ClusterClient } from '../../../support/kubernetes/clusterClient';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { kubernetes } from '../../../support/kubernetes/programs';
import { needs } from '../../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../../support/scriptedAgent';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { crd, deploymentYaml } from '../drift/someManifests';

type Choices = ParamsOf<typeof applyManifests>['choices'];

describe('manifests applied to a cluster', function () {
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
    await client.list({ KUBECONFIG: cluster.kubeconfig });
  });
  beforeEach(async () => void (folder = await temporaryFolder('apply')));
  afterEach(() => folder?.[Symbol.asyncDispose]());
  after(async () => {
    client?.connection.dispose();
    await agent?.agent.closeAreas();
    await agent?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const put = async (name: string, text: string): Promise<string> => {
    const path = join(folder.path, name);
    await writeFile(path, text);
    return path;
  };
  const asked = (set?: string) => ({ context: 'test', path: folder.path, ...(set !== undefined && { set }) });
  const look = (set?: string) =>
    client.connection.request(compareManifests, { ...asked(set), forApply: true });
  const apply = async ({
    set,
    ...more
  }: { set?: string; digest?: string; choices?: Choices; prune?: string[]; confirmed?: string } = {}) => {
    const digest = more.digest ?? (await look(set)).digest;
    return (await client.connection.request(applyManifests, { ...asked(set), digest, by: 'ana', ...more }))
      .outcomes;
  };
  const get = (kind: string, name: string, path: string) =>
    cluster.kubectl('get', kind, name, '-o', `jsonpath={${path}}`);
  const map = (name: string, data = 'a: b') =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;

  it('do what was shown and no more, each in the audit log', async () => {
    await put('map.yaml', map('first'));
    const { digest, objects } = await look();
    assert.deepEqual(
      objects.map(({ state }) => state),
      ['missing'],
    );
    await put('map.yaml', map('first', 'a: other'));
    await assert.rejects(apply({ digest }), /Something else would come of it/);
    const id = 'configmaps/default/first';
    assert.deepEqual(await apply(), [{ id, name: 'first', outcome: 'done' }]);
    assert.equal(await get('cm', 'first', '.data.a'), 'other');
    const [ended, started] = agent.agent.engine().store.audit.list({ limit: 2 });
    assert.deepEqual([started?.action, ended?.action], ['object.apply.started', 'object.apply.ended']);
    assert.partialDeepStrictEqual(ended, { actor: 'ana', subject: id });
    assert.deepEqual(await apply(), [{ id, name: 'first', outcome: 'unchanged' }]);
  });

  it('make what the server gives an address that it makes up', async () => {
    await put(
      'service.yaml',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n',
    );
    assert.deepEqual(
      (await apply()).map(({ outcome, message }) => [outcome, message]),
      [['done', undefined]],
    );
    assert.deepEqual(
      (await look()).objects.map(({ state }) => state),
      ['inSync'],
    );
  });

  it('take over, or leave, what somebody else has set', async () => {
    await put('web.yaml', deploymentYaml('web'));
    await apply();
    await cluster.kubectl('scale', 'deployment/web', '--replicas=4');
    const id = 'deployments.apps/default/web';
    const [told] = (await look()).objects;
    assert.partialDeepStrictEqual(told, {
      state: 'changed',
      conflicts: [{ field: '.spec.replicas', manager: 'kubectl' }],
    });
    const [refused] = await apply();
    assert.deepEqual([refused?.outcome, refused?.message], ['failed', '.spec.replicas is set by kubectl']);
    const [left] = await apply({ choices: { [id]: 'leave' } });
    assert.deepEqual([left?.outcome, left?.message], ['done', 'Left as they are: .spec.replicas']);
    assert.equal(await get('deployment', 'web', '.spec.replicas'), '4');
    await apply({ choices: { [id]: 'takeOver' } });
    assert.equal(await get('deployment', 'web', '.spec.replicas'), '1');
    assert.deepEqual(
      (await look()).objects.map(({ state }) => state),
      ['inSync'],
    );
  });

  it('remove what a manifest has dropped, also where kubectl had applied it', async () => {
    const path = await put('web.yaml', deploymentYaml('drops', ['A', 'B', 'C']));
    await cluster.kubectl('apply', '-f', path);
    await put('web.yaml', deploymentYaml('drops', ['A', 'C']));
    const [outcome] = await apply();
    assert.equal(outcome?.outcome, 'done', outcome?.message);
    const names = '.spec.template.spec.containers[0].env[*].name';
    assert.equal(await get('deployment', 'drops', names), 'A C');
    await put('web.yaml', deploymentYaml('drops', ['C']));
    await apply();
    assert.equal(await get('deployment', 'drops', names), 'C');
  });

  it('bring kinds and namespaces first', async () => {
    await put(
      'a.yaml',
      'apiVersion: toys.example.org/v1\nkind: Toy\nmetadata: {name: bear, namespace: nursery}\nspec: {size: 3}\n',
    );
    await put('b.yaml', crd);
    await put('c.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: nursery}\n');
    const outcomes = await apply({ set: 'nursery' });
    assert.deepEqual(
      outcomes.map(({ outcome, message }) => [outcome, message]),
      Array(3).fill(['done', undefined]),
    );
    assert.equal(
      await cluster.kubectl('get', 'toys', 'bear', '-n', 'nursery', '-o', 'jsonpath={.spec.size}'),
      '3',
    );
  });

  it('prune what the set had, only where it was shown and asked for', async () => {
    await put('a.yaml', map('stays'));
    await put('b.yaml', map('goes'));
    await apply({ set: 'pruned' });
    await rm(join(folder.path, 'b.yaml'));
    const extra = 'configmaps/default/goes';
    const { objects } = await look('pruned');
    assert.deepEqual(
      objects.map(({ id, state }) => [id, state]),
      [
        ['configmaps/default/stays', 'inSync'],
        [extra, 'extra'],
      ],
    );
    const drift = await client.connection.request(compareManifests, asked());
    assert.deepEqual(
      drift.objects.map(({ state }) => state),
      ['inSync', 'extra'],
    );
    await apply({ set: 'pruned' });
    assert.equal(await get('cm', 'goes', '.data.a'), 'b');
    const outcomes = await apply({ set: 'pruned', prune: [extra, 'configmaps/default/first'] });
    assert.deepEqual(
      outcomes.map(({ id, outcome }) => [id, outcome]),
      [
        ['configmaps/default/stays', 'unchanged'],
        [extra, 'done'],
      ],
    );
    await assert.rejects(get('cm', 'goes', '.data.a'), /NotFound/);
    assert.equal(await get('cm', 'first', '.data.a'), 'other');
  });

  it('are refused where one is invalid, where the context is read-only, and production wants its name', async () => {
    await put('bad.yaml', map('bad').replace('\ndata:', '\ndate:'));
    await assert.rejects(apply(), /bad\.yaml:4:1: There is no field date here; is data meant\?/);
    await put('bad.yaml', map('good'));
    await mkdir(agent.folders.config, { recursive: true });
    const config = join(agent.folders.config, 'config.yaml');
    await writeFile(config, 'readOnly: [test]\n');
    await client.list({ KUBECONFIG: cluster.kubeconfig });
    await assert.rejects(apply(), /Nothing is changed on test: it is read-only/);
    await writeFile(config, 'production: [test]\n');
    await client.list({ KUBECONFIG: cluster.kubeconfig });
    await assert.rejects(apply(), /test is production/);
    assert.equal((await apply({ confirmed: 'test' }))[0]?.outcome, 'done');
    await rm(config);
    await client.list({ KUBECONFIG: cluster.kubeconfig });
  });

  it('that are larger than the cluster keeps are refused in words', async () => {
    await cluster.apply(crd);
    await cluster.kubectl(
      'wait',
      'crd/toys.toys.example.org',
      '--for=condition=Established',
      '--timeout=60s',
    );
    const toy = {
      apiVersion: 'toys.example.org/v1',
      kind: 'Toy',
      metadata: { name: 'giant' },
      spec: { text: 'x'.repeat(2e6) },
    };
    await put('giant.json', JSON.stringify(toy));
    const [outcome] = await apply();
    assert.equal(outcome?.outcome, 'failed');
    assert.match(outcome?.message ?? '', /too large for the cluster: 2\.0 MB/);
  });

  describe('one object edited as text', () => {
    const object = { kind: 'deployments.apps', namespace: 'default', name: 'edited' };
    const edit = async (
      opened: { yaml: string; uid: string },
      change: (yaml: string) => string,
      more: { apply?: boolean; choice?: 'leave' | 'takeOver' } = {},
    ) =>
      client.connection.request(editObject, {
        ...{ context: 'test', object, uid: opened.uid, before: opened.yaml, after: change(opened.yaml) },
        ...{ apply: false, by: 'ana', ...more },
      });
    const open = () => client.connection.request(getObject, { context: 'test', object, by: 'ana' });
    before(() => cluster.apply(deploymentYaml('edited')));

    it('shows what would come of it, and does it', async () => {
      const opened = await open();
      const change = (yaml: string) => yaml.replace('replicas: 1', 'replicas: 2');
      const dry = await edit(opened, change);
      assert.equal(dry.outcome, 'changed');
      assert.match(dry.live, /replicas: 1/);
      assert.match(dry.result, /replicas: 2/);
      assert.equal(dry.owners[0]?.manager, 'kubectl-client-side-apply');
      assert.equal(await get('deployment', 'edited', '.spec.replicas'), '1');
      assert.equal((await edit(opened, change, { apply: true })).outcome, 'changed');
      assert.equal(await get('deployment', 'edited', '.spec.replicas'), '2');
      const [ended] = agent.agent.engine().store.audit.list({ limit: 1 });
      assert.partialDeepStrictEqual(ended, {
        action: 'object.edit.ended',
        actor: 'ana',
        details: { fields: '.spec.replicas' },
      });
      assert.equal((await edit(await open(), yaml => `${yaml}# nothing\n`)).outcome, 'unchanged');
    });

    it('keeps what others change meanwhile, and tells where they changed the same', async () => {
      const opened = await open();
      await cluster.kubectl('label', 'deployment/edited', 'other=yes');
      await cluster.kubectl('scale', 'deployment/edited', '--replicas=7');
      const change = (yaml: string) =>
        yaml.replace('replicas: 2', 'replicas: 3').replace('minReadySeconds', 'x');
      const dry = await edit(opened, change);
      assert.deepEqual(
        [dry.outcome, dry.conflicts[0]?.field, dry.conflicts[0]?.manager],
        ['conflict', '.spec.replicas', 'kubectl'],
      );
      assert.equal((await edit(opened, change, { choice: 'leave' })).outcome, 'unchanged');
      assert.equal((await edit(opened, change, { choice: 'takeOver', apply: true })).outcome, 'changed');
      assert.equal(await get('deployment', 'edited', '.spec.replicas'), '3');
      assert.equal(await get('deployment', 'edited', '.metadata.labels.other'), 'yes');
    });

    it('keeps the hidden values of a Secret that were not touched', async () => {
      const ref = { kind: 'secrets', namespace: 'default', name: 'hidden' };
      const metadata = { name: 'hidden' };
      await cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { a: 'one', b: 'two' } });
      const { connection } = client;
      const asked = { context: 'test', object: ref, by: 'ana' };
      const { yaml, uid } = await connection.request(getObject, asked);
      assert.match(yaml, /^ {2}a: "?\*\*\*"?$/m);
      const after = yaml
        .replace(/^ {2}b: .*$/m, `  b: ${Buffer.from('three').toString('base64')}`)
        .replace('  name: hidden\n', '  name: hidden\n  labels: {told: yes-it-is}\n');
      const answer = await connection.request(editObject, {
        ...asked,
        uid,
        before: yaml,
        after,
        apply: true,
      });
      assert.equal(answer.outcome, 'changed');
      assert.equal(JSON.stringify(answer).includes(Buffer.from('three').toString('base64')), false);
      const values = await cluster.kubectl('get', 'secret', 'hidden', '-o', 'jsonpath={.data.a} {.data.b}');
      assert.deepEqual(
        values.split(' ').map(each => Buffer.from(each, 'base64').toString()),
        ['one', 'three'],
      );
      assert.equal(await get('secret', 'hidden', '.metadata.labels.told'), 'yes-it-is');
    });

    it('is refused where a right is missing, with its verb', async () => {
      await cluster.kubectl('create', 'clusterrole', 'looks', '--verb=get,list', '--resource=deployments');
      await cluster.kubectl('create', 'clusterrolebinding', 'looks', '--clusterrole=looks', '--user=viewer');
      const { yaml, uid } = await open();
      const after = yaml.replace(/replicas: \d/, 'replicas: 9');
      const asked = { context: 'viewer', object, uid, before: yaml, after, apply: false, by: 'ana' };
      await assert.rejects(
        client.connection.request(editObject, asked),
        /viewer may not patch deployments in default/,
      );
    });

    it('names what is wrong with line and column', async () => {
      const opened = await open();
      const wrong = await edit(opened, yaml => yaml.replace('replicas: 3', 'replicas: three'));
      const line = opened.yaml.split('\n').findIndex(text => text.includes('replicas: 3')) + 1;
      assert.equal(wrong.outcome, 'invalid');
      assert.deepEqual(
        wrong.problems.map(each => [each.line, each.column, each.message]),
        [[line, 3, 'replicas is text, not a whole number']],
      );
      const renamed = await edit(opened, yaml => yaml.replace('name: edited\n', 'name: another\n'));
      assert.match(renamed.problems[0]?.message ?? '', /^\.metadata\.name cannot be changed/);
      const broken = await edit(opened, yaml => yaml.replace('spec:', 'spec: ['));
      assert.equal(broken.outcome, 'invalid');
      assert.ok((broken.problems[0]?.line ?? 0) > 1);
      const refused = await edit(opened, yaml => yaml.replace('replicas: 3', 'replicas: -3'));
      assert.deepEqual(
        refused.problems.map(each => each.line),
        [line],
      );
    });
  });
});
