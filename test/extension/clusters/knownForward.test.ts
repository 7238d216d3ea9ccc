import assert from 'node:assert/strict';
import type { Forward } from '../../../agent/protocol/clusterStreams';
import { forwardKey, forwardPlace, forwardState } from '../../../extension/clusters/knownForward';

const known = {
  context: 'c',
  namespace: 'n',
  kind: 'deployments.apps',
  name: 'web',
  remote: 80,
  local: 4000,
};
const forward = (more: Partial<Forward>): Forward => ({
  ...{ ...known, id: '1', state: 'ready', connections: 0, kubectl: 'kubectl' },
  ...more,
});

describe('a forwarded port', () => {
  it('says where it leads to, and is told apart by context and port', () => {
    assert.equal(forwardPlace(known), 'deployments/web:80');
    assert.notEqual(forwardKey(known), forwardKey({ ...known, context: 'd' }));
    assert.notEqual(forwardKey(known), forwardKey({ ...known, local: 4001 }));
  });

  it('says how it is', () => {
    assert.equal(forwardState(known), 'not forwarded now');
    const cases: readonly (readonly [Partial<Forward>, string])[] = [
      [{}, 'ready'],
      [{ connections: 2 }, '2 open'],
      [{ state: 'waiting' }, 'waits for a pod'],
      [{ state: 'waiting', message: 'web has none' }, 'waits for a pod: web has none'],
      [{ state: 'failed', message: 'refused' }, 'failed: refused'],
    ];
    for (const [more, words] of cases)
      assert.equal(forwardState({ ...known, forward: forward(more) }), words);
  });
});
