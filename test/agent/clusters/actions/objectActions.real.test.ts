import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterAction } from '../../../../agent/protocol/clusterActions';
import { actOnObjects } from '../../../../agent/protocol/clusterActions';
import { getRollout, type ObjectRef } from '../../../../agent/protocol/clusterObjects';
import { ClusterClient } from '../../../support/kubernetes/clusterClient';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { kubernetesNode } from '../../../support/kubernetes/programs';
import { box, deployment, pod } from '../../../support/kubernetes/somePods';
import { needs } from '../../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../../support/scriptedAgent';
import { waitFor } from '../../../support/waitFor';

const deadline = 90_000;

describe('actions on objects of a cluster', function () {
  this.timeout(240_000);
  before(needs(kubernetesNode));
  let cluster: Cluster;
  let agent: ScriptedAgent;
  let client: ClusterClient;
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster({ node: true });
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

  const act = async (action: ClusterAction, object: Partial<ObjectRef>, more: object = {}) => {
    const ref = { namespace: 'default', ...object } as ObjectRef;
    const asked = { context: 'test', action, objects: [ref], by: 'ana', ...more };
    const { outcomes } = await client.connection.request(actOnObjects, asked);
    return outcomes[0]!;
  };
  const done = async (action: ClusterAction, object: Partial<ObjectRef>) => {
    const { outcome, message } = await act(action, object);
    assert.equal(outcome, 'done', message);
    return message;
  };
  const field = (kind: string, name: string, path: string) =>
    cluster.kubectl('get', kind, name, '-o', `jsonpath={${path}}`);
  const web = { kind: 'deployments.apps', name: 'web' };
  const rollout = (object: Partial<ObjectRef> = web) =>
    client.connection.request(getRollout, {
      context: 'test',
      object: { namespace: 'default', ...object } as ObjectRef,
    });
  const settled = (object?: Partial<ObjectRef>) =>
    waitFor('the rollout', async () => (await rollout(object)).state === 'done', deadline);

  it('scale, and say what is so already; each is in the audit log', async () => {
    await cluster.apply(deployment('web', 'sleep 100000'));
    await done({ do: 'scale', replicas: 2 }, web);
    assert.equal(await field('deployment', 'web', '.spec.replicas'), '2');
    await settled();
    assert.match((await rollout()).message, /^2 of 2 updated, 2 available$/);
    assert.equal((await act({ do: 'scale', replicas: 2 }, web)).outcome, 'unchanged');
    const [ended, started] = agent.agent.engine().store.audit.list({ limit: 2 });
    assert.deepEqual([started?.action, ended?.action], ['object.scale.started', 'object.scale.ended']);
    assert.partialDeepStrictEqual(ended, { actor: 'ana', subject: 'deployments.apps/default/web' });
    assert.partialDeepStrictEqual(ended?.details, { context: 'test', replicas: 2, outcome: 'unchanged' });
    const missing = await act({ do: 'scale', replicas: 1 }, { ...web, name: 'none' });
    assert.equal(missing.outcome, 'failed');
    assert.match(missing.message ?? '', /"none" not found/);
    await done({ do: 'scale', replicas: 1 }, web);
  });

  it('restart, go back, pause and resume rollouts', async () => {
    await done({ do: 'setImage', container: 'main', image: 'docker.io/library/none:9' }, web);
    assert.equal((await rollout()).state, 'progressing');
    const before = await rollout();
    assert.deepEqual(
      before.revisions.map(({ revision, images, current }) => [revision, images, current]),
      [
        [2, ['docker.io/library/none:9'], true],
        [1, ['localhost/busybox:1'], false],
      ],
    );
    await done({ do: 'undoRollout' }, web);
    assert.equal(
      await field('deployment', 'web', '.spec.template.spec.containers[0].image'),
      'localhost/busybox:1',
    );
    await settled();
    assert.equal((await act({ do: 'undoRollout', revision: 9 }, web)).message, 'web has no revision 9');
    await done({ do: 'restart' }, web);
    await settled();
    await done({ do: 'pauseRollout' }, web);
    assert.equal((await rollout()).state, 'paused');
    const paused = await act({ do: 'restart' }, web);
    assert.deepEqual([paused.outcome, paused.hint], ['failed', 'Resume the rollout first.']);
    await done({ do: 'resumeRollout' }, web);
    await settled();
    const none = await act({ do: 'setImage', container: 'side', image: 'x' }, web);
    assert.deepEqual([none.message, none.hint], ['It has no container side', 'It has main.']);
  });

  it('go back with StatefulSets and DaemonSets', async () => {
    for (const [kind, id] of [
      ['StatefulSet', 'statefulsets.apps'],
      ['DaemonSet', 'daemonsets.apps'],
    ] as const) {
      const made = deployment(`x-${kind.toLowerCase()}`, 'sleep 100000') as { spec: Record<string, unknown> };
      if (kind === 'DaemonSet') delete made.spec['replicas'];
      await cluster.apply({ ...made, kind });
      const ref = { kind: id, name: `x-${kind.toLowerCase()}` };
      await settled(ref);
      await done({ do: 'setImage', container: 'main', image: 'localhost/busybox:2' }, ref);
      await waitFor('a revision', async () => (await rollout(ref)).revisions.length === 2, deadline);
      await done({ do: 'undoRollout' }, ref);
      await waitFor(
        'the first image',
        async () =>
          (await rollout(ref)).revisions.find(({ current }) => current)?.images[0] === 'localhost/busybox:1',
        deadline,
      );
      const path = '.spec.template.spec.containers[0].image';
      assert.equal(await field(kind, ref.name, path), 'localhost/busybox:1');
      await done({ do: 'delete', propagation: 'background', grace: 0 }, ref);
    }
  });

  it('suspend, resume and run CronJobs', async () => {
    await cluster.apply({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', namespace: 'default' },
      spec: {
        schedule: '0 3 * * *',
        jobTemplate: {
          spec: { template: { spec: { restartPolicy: 'Never', containers: [box('echo ran')] } } },
        },
      },
    });
    const nightly = { kind: 'cronjobs.batch', name: 'nightly' };
    await done({ do: 'suspend' }, nightly);
    assert.equal(await field('cronjob', 'nightly', '.spec.suspend'), 'true');
    await done({ do: 'resume' }, nightly);
    assert.equal(await field('cronjob', 'nightly', '.spec.suspend'), 'false');
    const message = await done({ do: 'runNow' }, nightly);
    const job = /^Job (nightly-manual-\w+)$/.exec(message ?? '')?.[1] ?? '';
    await cluster.kubectl('wait', `job/${job}`, '--for=condition=Complete', '--timeout=90s');
    assert.equal(await field('job', job, '.metadata.ownerReferences[0].name'), 'nightly');
    await done({ do: 'delete', propagation: 'foreground' }, nightly);
  });

  it('delete, and say what holds what does not go', async () => {
    await cluster.apply(pod('held', 'sleep 100000', {}, { finalizers: ['test.handrail.dev/hold'] }));
    const held = { kind: 'pods', name: 'held' };
    const { outcome, message, hint } = await act({ do: 'delete', propagation: 'background', grace: 0 }, held);
    assert.equal(outcome, 'done');
    assert.equal(message, 'It goes once these are done with it: test.handrail.dev/hold');
    assert.match(hint ?? '', /remove the finalizers by hand/);
    await done({ do: 'removeFinalizers' }, held);
    await waitFor(
      'it to go',
      () =>
        cluster.kubectl('get', 'pod', 'held').then(
          () => false,
          () => true,
        ),
      deadline,
    );
    assert.match((await act({ do: 'delete', propagation: 'background' }, held)).message ?? '', /not found/);
  });

  it('label and annotate, cordon and uncordon', async () => {
    await done({ do: 'label', changes: { tier: 'front', app: null } }, web);
    assert.match(await field('deployment', 'web', '.metadata.labels'), /"tier":"front"/);
    await done({ do: 'annotate', changes: { 'note/x': 'a "b"' } }, web);
    assert.equal(await field('deployment', 'web', '.metadata.annotations.note/x'), 'a "b"');
    const bad = await act({ do: 'label', changes: { tier: 'no good' } }, web);
    assert.match(bad.message ?? '', /a valid label must/);
    const node = { kind: 'nodes', name: 'node-1', namespace: undefined } as never;
    await done({ do: 'cordon' }, node);
    assert.equal(await field('node', 'node-1', '.spec.unschedulable'), 'true');
    await done({ do: 'uncordon' }, node);
    assert.equal(await field('node', 'node-1', '.spec.unschedulable'), '');
  });

  it('name the verb that is missing before anything is tried', async () => {
    const refused = await act({ do: 'scale', replicas: 3 }, web, { context: 'viewer' });
    assert.equal(refused.outcome, 'failed');
    assert.equal(refused.message, 'viewer may not patch deployments/scale in default');
    const rule = ['--verb=patch', '--resource=deployments/scale'];
    await cluster.kubectl('create', 'role', 'scales', ...rule, '--verb=get', '--resource=deployments');
    await cluster.kubectl('create', 'rolebinding', 'scales', '--role=scales', '--user=viewer');
    // What has just been given counts, although the answer of before is kept.
    await waitFor(
      'the right to count',
      async () => (await act({ do: 'scale', replicas: 1 }, web, { context: 'viewer' })).outcome !== 'failed',
      deadline,
    );
  });

  it('are refused by read-only contexts, and want the name of production ones', async () => {
    await mkdir(agent.folders.config, { recursive: true });
    const file = join(agent.folders.config, 'config.yaml');
    await writeFile(file, 'readOnly: [viewer]\nproduction: [test]\n');
    await client.list({ KUBECONFIG: cluster.kubeconfig });
    await assert.rejects(
      act({ do: 'scale', replicas: 1 }, web, { context: 'viewer' }),
      /viewer: it is read-only/,
    );
    await assert.rejects(act({ do: 'scale', replicas: 1 }, web), /test is production/);
    await assert.rejects(act({ do: 'scale', replicas: 1 }, web, { confirmed: 'tset' }), /test is production/);
    assert.notEqual((await act({ do: 'scale', replicas: 1 }, web, { confirmed: 'test' })).outcome, 'failed');
    await writeFile(file, '');
    await client.list({ KUBECONFIG: cluster.kubeconfig });
  });
});
