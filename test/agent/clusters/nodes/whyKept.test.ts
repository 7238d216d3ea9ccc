import assert from 'node:assert/strict';
import { whyKept } from '../../../../agent/clusters/nodes/whyKept';

const owned = (kind: string) => ({ ownerReferences: [{ uid: 'u', kind, name: 'x', controller: true }] });
const emptyDir = { volumes: [{ name: 'cache', emptyDir: {} }] };
const careful = { force: false, deleteEmptyDir: false };

describe('what a drain leaves', () => {
  const cases = [
    ['of a ReplicaSet', { metadata: owned('ReplicaSet') }, careful, undefined],
    ['of a DaemonSet', { metadata: owned('DaemonSet') }, careful, 'stays'],
    ['of a DaemonSet, with force', { metadata: owned('DaemonSet') }, { ...careful, force: true }, 'stays'],
    ['of the node', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }, careful, 'stays'],
    ['of nobody', { metadata: {} }, careful, 'refused'],
    ['of nobody, with force', { metadata: {} }, { ...careful, force: true }, undefined],
    ['of nobody, ended', { metadata: {}, status: { phase: 'Succeeded' } }, careful, undefined],
    ['with data', { metadata: owned('ReplicaSet'), spec: emptyDir }, careful, 'refused'],
    [
      'with data to lose',
      { metadata: owned('Job'), spec: emptyDir },
      { ...careful, deleteEmptyDir: true },
      undefined,
    ],
  ] as const;
  for (const [what, pod, how, expected] of cases)
    it(`${expected ?? 'goes'}: a pod ${what}`, () => {
      const kept = whyKept(pod, how);
      assert.equal(kept && (kept.isRefusal ? 'refused' : 'stays'), expected);
    });
});
