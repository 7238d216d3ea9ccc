import assert from 'node:assert/strict';
import { healthOf } from '../../../../agent/clusters/problems/healthOf';
import type { KubeObject } from '../../../../agent/clusters/reflector/serverTable';

const old = '2020-01-01T00:00:00Z';

/** What was printed (`Ready=1/2`), and the object where it was asked for. */
function check(
  kind: string,
  printed: Record<string, string>,
  object?: Omit<KubeObject, 'metadata'>,
  meta: object = {},
) {
  const columns = Object.keys(printed).map(name => ({ name, type: 'string', priority: 0 }));
  const known = {
    kind,
    meta: { name: 'x', creationTimestamp: old, ...meta },
    columns,
    cells: Object.values(printed),
  };
  return healthOf({ ...known, ...(object && { object }) });
}

const now = () => new Date().toISOString();
const container = (more: object) => ({ status: { containerStatuses: [{ name: 'main', ...more }] } });
const conditions = (...all: object[]) => ({ status: { conditions: all } });

describe('how objects are', () => {
  const cases: [string, Parameters<typeof check>, string, string | undefined, RegExp?][] = [
    ['a pod that runs', ['pods', { Ready: '1/1', Status: 'Running' }], 'ok', undefined],
    ['a pod that is done', ['pods', { Ready: '0/1', Status: 'Completed' }], 'done', undefined],
    ['a pod that begins', ['pods', { Ready: '0/1', Status: 'ContainerCreating' }], 'progressing', undefined],
    [
      'a pod in its init containers',
      ['pods', { Ready: '0/1', Status: 'Init:0/2' }],
      'progressing',
      undefined,
    ],
    [
      'a pod that is not ready',
      ['pods', { Ready: '1/2', Status: 'Running' }],
      'progressing',
      'NotReady',
      /1 of 2/,
    ],
    [
      'a pod that crashes, as printed',
      ['pods', { Ready: '0/1', Status: 'CrashLoopBackOff' }],
      'failed',
      'CrashLoopBackOff',
    ],
    [
      'a pod whose image is not there',
      [
        'pods',
        { Ready: '0/1', Status: 'ImagePullBackOff' },
        container({ state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }),
      ],
      'failed',
      'ImagePullBackOff',
      /no such image/,
    ],
    [
      'a pod that was OOM-killed a moment ago',
      [
        'pods',
        { Ready: '1/1', Status: 'Running' },
        container({
          state: { running: {} },
          lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: now() } },
        }),
      ],
      'ok',
      'OOMKilled',
    ],
    [
      'a pod that was OOM-killed long ago',
      [
        'pods',
        { Ready: '1/1', Status: 'Running' },
        container({
          state: { running: {} },
          lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: old } },
        }),
      ],
      'ok',
      undefined,
    ],
    [
      'a pod that ended badly',
      [
        'pods',
        { Ready: '0/1', Status: 'Error' },
        container({ state: { terminated: { reason: 'Error', exitCode: 7 } } }),
      ],
      'failed',
      'Error',
      /exit 7/,
    ],
    [
      'a pod that was evicted',
      [
        'pods',
        { Ready: '0/1', Status: 'Evicted' },
        { status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' } },
      ],
      'failed',
      'Evicted',
      /low on memory/,
    ],
    [
      'a pod that fits nowhere',
      [
        'pods',
        { Ready: '0/1', Status: 'Pending' },
        conditions({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }),
      ],
      'failed',
      'Unschedulable',
      /0\/3/,
    ],
    [
      'a pod that ends',
      ['pods', { Ready: '1/1', Status: 'Running' }, undefined, { deletionTimestamp: now() }],
      'terminating',
      undefined,
    ],
    ['a Deployment', ['deployments.apps', { Ready: '3/3' }], 'ok', undefined],
    ['a Deployment of none', ['deployments.apps', { Ready: '0/0' }], 'ok', undefined],
    [
      'a Deployment without some',
      ['deployments.apps', { Ready: '1/3' }],
      'progressing',
      'NotReady',
      /1 of 3/,
    ],
    [
      'a Deployment that is not available',
      [
        'deployments.apps',
        { Ready: '0/3' },
        conditions({ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' }),
      ],
      'failed',
      'MinimumReplicasUnavailable',
      /0 of 3/,
    ],
    [
      'a Deployment that gave up',
      [
        'deployments.apps',
        { Ready: '3/3' },
        conditions({
          type: 'Progressing',
          status: 'False',
          reason: 'ProgressDeadlineExceeded',
          message: 'timed out',
        }),
      ],
      'failed',
      'ProgressDeadlineExceeded',
      /timed out/,
    ],
    [
      'a Deployment that may not make pods',
      [
        'deployments.apps',
        { Ready: '0/1' },
        conditions({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'quota' }),
      ],
      'failed',
      'FailedCreate',
      /quota/,
    ],
    ['a DaemonSet', ['daemonsets.apps', { Desired: '2', Ready: '2' }], 'ok', undefined],
    [
      'a DaemonSet without some',
      ['daemonsets.apps', { Desired: '2', Ready: '1' }],
      'progressing',
      'NotReady',
    ],
    [
      'a Job that goes on',
      ['jobs.batch', { Status: 'Running', Completions: '0/1' }],
      'progressing',
      undefined,
    ],
    ['a Job that is done', ['jobs.batch', { Status: 'Complete', Completions: '1/1' }], 'done', undefined],
    [
      'a Job that failed',
      [
        'jobs.batch',
        { Status: 'Failed', Completions: '0/1' },
        conditions({ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'limit' }),
      ],
      'failed',
      'BackoffLimitExceeded',
      /limit/,
    ],
    ['a claim', ['persistentvolumeclaims', { Status: 'Bound' }], 'ok', undefined],
    [
      'a claim that waits',
      ['persistentvolumeclaims', { Status: 'Pending', StorageClass: 'fast' }],
      'progressing',
      'Pending',
      /volume of fast/,
    ],
    ['a node', ['nodes', { Status: 'Ready' }], 'ok', undefined],
    [
      'a node that is not ready',
      [
        'nodes',
        { Status: 'NotReady' },
        conditions({ type: 'Ready', status: 'Unknown', message: 'stopped posting' }),
      ],
      'failed',
      'NotReady',
      /stopped posting/,
    ],
    [
      'a node that is cordoned',
      ['nodes', { Status: 'Ready,SchedulingDisabled' }],
      'ok',
      'SchedulingDisabled',
    ],
    [
      'a node short of disk',
      ['nodes', { Status: 'Ready' }, conditions({ type: 'DiskPressure', status: 'True', message: 'full' })],
      'failed',
      'DiskPressure',
      /full/,
    ],
    ['a namespace', ['namespaces', { Status: 'Active' }], 'ok', undefined],
    [
      'a namespace that does not go',
      [
        'namespaces',
        { Status: 'Terminating' },
        conditions({
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          message: 'finalizers remain: x/y',
        }),
      ],
      'terminating',
      'Terminating',
      /x\/y/,
    ],
    [
      'what waits for its finalizers',
      ['configmaps', {}, undefined, { deletionTimestamp: old, finalizers: ['a/b'] }],
      'terminating',
      'Terminating',
      /a\/b/,
    ],
    ['what nothing is known of', ['gadgets.x', {}], 'unknown', undefined],
  ];
  for (const [name, args, state, reason, message = /^/] of cases) {
    it(`tells of ${name}`, () => {
      const health = check(...args);
      assert.deepEqual([health.state, health.problem?.reason], [state, reason]);
      assert.match(health.problem?.message ?? '', message);
    });
  }
});
