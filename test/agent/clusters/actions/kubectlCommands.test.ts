import assert from 'node:assert/strict';
import { kubectlCommands } from '../../../../agent/clusters/actions/kubectlCommands';
import type { ClusterAction } from '../../../../agent/protocol/clusterActions';

const web = { kind: 'deployments.apps', namespace: 'shop', name: 'web' };
const where = { name: 'prod', file: '/k', isExtra: false };

describe('kubectl commands of actions', () => {
  const begin = 'kubectl --context prod -n shop';
  const cases: [ClusterAction, string][] = [
    [{ do: 'scale', replicas: 3 }, 'scale deployments.apps/web --replicas=3'],
    [{ do: 'restart' }, 'rollout restart deployments.apps/web'],
    [{ do: 'pauseRollout' }, 'rollout pause deployments.apps/web'],
    [{ do: 'resumeRollout' }, 'rollout resume deployments.apps/web'],
    [{ do: 'undoRollout' }, 'rollout undo deployments.apps/web'],
    [{ do: 'undoRollout', revision: 4 }, 'rollout undo deployments.apps/web --to-revision=4'],
    [{ do: 'setImage', container: 'c', image: 'x:2' }, 'set image deployments.apps/web c=x:2'],
    [{ do: 'suspend' }, `patch deployments.apps/web --type=merge -p '{"spec":{"suspend":true}}'`],
    [{ do: 'resume' }, `patch deployments.apps/web --type=merge -p '{"spec":{"suspend":false}}'`],
    [{ do: 'runNow', name: 'j' }, 'create job j --from=cronjob/web'],
    [{ do: 'delete', propagation: 'orphan' }, 'delete deployments.apps/web --cascade=orphan --wait=false'],
    [
      { do: 'delete', propagation: 'background', grace: 0 },
      'delete deployments.apps/web --cascade=background --grace-period=0 --force --wait=false',
    ],
    [
      { do: 'removeFinalizers' },
      `patch deployments.apps/web --type=merge -p '{"metadata":{"finalizers":null}}'`,
    ],
    [
      { do: 'label', changes: { a: 'it is', b: null } },
      `label deployments.apps/web 'a=it is' b- --overwrite`,
    ],
    [{ do: 'annotate', changes: { a: '$(x)' } }, `annotate deployments.apps/web 'a=$(x)' --overwrite`],
  ];
  for (const [action, command] of cases)
    it(command, () => assert.deepEqual(kubectlCommands(where, action, [web]), [`${begin} ${command}`]));

  it('are one a namespace, with nodes in none', () => {
    const other = { ...web, namespace: 'blog' };
    assert.deepEqual(kubectlCommands(where, { do: 'restart' }, [web, other, { ...web, name: 'api' }]), [
      'kubectl --context prod -n shop rollout restart deployments.apps/web deployments.apps/api',
      'kubectl --context prod -n blog rollout restart deployments.apps/web',
    ]);
    assert.deepEqual(kubectlCommands(where, { do: 'cordon' }, [{ kind: 'nodes', name: 'n1' }]), [
      'kubectl --context prod cordon n1',
    ]);
  });

  it('name the file of a context that kubectl does not know, quoted', () => {
    assert.deepEqual(
      kubectlCommands({ name: 'a b', file: "/it's", isExtra: true }, { do: 'cordon' }, [
        { kind: 'nodes', name: 'n' },
      ]),
      [`kubectl --kubeconfig '/it'\\''s' --context 'a b' cordon n`],
    );
  });
});
