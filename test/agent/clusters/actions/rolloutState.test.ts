import assert from 'node:assert/strict';
import { rolloutState } from '../../../../agent/clusters/actions/rolloutState';

describe('how a rollout goes', () => {
  const late = {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: 'ReplicaSet "web-1" has timed out progressing.',
  };
  const all = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
  const cases = [
    ['done', 'deployments.apps', {}, all, '3 of 3 updated, 3 available'],
    ['progressing', 'deployments.apps', {}, { ...all, observedGeneration: 1 }, '3 of 3 updated, 3 available'],
    [
      'progressing',
      'deployments.apps',
      {},
      { ...all, replicas: 4 },
      '3 of 3 updated, 3 available, 1 old ones still there',
    ],
    ['progressing', 'deployments.apps', {}, { ...all, availableReplicas: 2 }, '3 of 3 updated, 2 available'],
    ['paused', 'deployments.apps', { paused: true }, { ...all, updatedReplicas: 1 }, /^1 of 3 updated/],
    ['failed', 'deployments.apps', {}, { ...all, conditions: [late] }, late.message],
    ['progressing', 'statefulsets.apps', {}, { ...all, updatedReplicas: 2 }, '2 of 3 updated, 3 available'],
    [
      'done',
      'daemonsets.apps',
      {},
      { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 },
      '2 of 2 updated, 2 available',
    ],
  ] as const;
  for (const [state, kind, spec, status, message] of cases)
    it(`is ${state}: ${kind} ${JSON.stringify(spec)} ${String(message)}`, () => {
      const metadata = { generation: 2 } as object;
      const told = rolloutState(kind, { metadata, spec: { replicas: 3, ...spec }, status });
      assert.equal(told.state, state);
      if (typeof message === 'string') assert.equal(told.message, message);
      else assert.match(told.message, message);
    });
});
