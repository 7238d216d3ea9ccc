import assert from 'node:assert/strict';
import type { ChosenPods } from '../../../../extension/commands/clusters/chosenPods';
import { logsOf } from '../../../../extension/commands/clusters/logsOf';

const pod = (name: string, more: Partial<ChosenPods> = {}): ChosenPods => ({
  ...{ context: 'test', namespace: 'shop', kind: 'pods', name },
  ...more,
});

describe('logs of what is chosen', () => {
  it('are one page for the pods of a namespace, each once', () => {
    const [log, ...others] = logsOf([pod('a'), pod('b'), pod('a')]);
    assert.deepEqual(log?.of, { kind: 'pods', namespace: 'shop', pods: ['a', 'b'] });
    assert.deepEqual(log?.names, ['a', 'b']);
    assert.deepEqual(others, []);
  });

  it('are a page each for namespaces, contexts, containers and workloads', () => {
    const chosen = [
      pod('a'),
      pod('b', { namespace: 'other' }),
      pod('c', { context: 'prod' }),
      pod('a', { container: 'main' }),
      pod('web', { kind: 'deployments.apps' }),
    ];
    assert.deepEqual(
      logsOf(chosen).map(({ names }) => names),
      [['a'], ['b'], ['c'], ['a/main'], ['web']],
    );
    assert.deepEqual(logsOf(chosen).at(-1)?.of, {
      ...{ kind: 'workload', namespace: 'shop', workload: 'deployments.apps', name: 'web' },
    });
    assert.equal(logsOf(chosen)[3]?.container, 'main');
  });

  it('are of as many pods as the protocol takes', () => {
    const [log] = logsOf(Array.from({ length: 150 }, (_, at) => pod(`web-${String(at)}`)));
    assert.equal(log?.of.kind === 'pods' && log.of.pods.length, 100);
  });
});
