import assert from 'node:assert/strict';
import { removeAt, resolveField, type Step } from '../../../../agent/clusters/manifests/resolveField';

describe('a field that a server names', () => {
  const object = {
    metadata: { labels: { app: 'a', 'app.kubernetes.io/name': 'b' }, finalizers: ['x/y', 'z'] },
    spec: {
      ports: [{ port: 80 }, { port: 80, protocol: 'UDP' }],
      containers: [
        { name: 'a]b', image: 'i' },
        { name: 'main', env: [{ name: 'A' }] },
      ],
    },
  };
  const cases: [field: string, steps: Step[], isWhole: boolean][] = [
    ['', [], true],
    ['.spec', ['spec'], true],
    ['spec.containers[1].env[0].name', ['spec', 'containers', 1, 'env', 0, 'name'], true],
    ['.spec.containers[name="main"].env[name="A"]', ['spec', 'containers', 1, 'env', 0], true],
    ['.spec.containers[name="a]b"].image', ['spec', 'containers', 0, 'image'], true],
    ['.spec.ports[port=80,protocol="TCP"].port', ['spec', 'ports', 0, 'port'], true],
    ['.spec.ports[port=80,protocol="UDP"]', ['spec', 'ports', 1], true],
    ['.metadata.labels.app', ['metadata', 'labels', 'app'], true],
    ['.metadata.labels.app.kubernetes.io/name', ['metadata', 'labels', 'app.kubernetes.io/name'], true],
    ['.metadata.finalizers[="z"]', ['metadata', 'finalizers', 1], true],
    ['.spec.replicas', ['spec'], false],
    ['.spec.containers[name="none"].image', ['spec', 'containers'], false],
    ['.spec.containers[9]', ['spec', 'containers'], false],
    ['.spec.containers[', ['spec', 'containers'], false],
    ['.spec.containers[name="main"].env.x', ['spec', 'containers', 1, 'env'], false],
  ];
  for (const [field, steps, isWhole] of cases)
    it(`is found: ${field === '' ? 'all of it' : field}`, () =>
      assert.deepEqual(resolveField(object, field), { steps, isWhole }));

  it('can be taken away', () => {
    const copy = structuredClone(object);
    removeAt(copy, ['metadata', 'finalizers', 0]);
    removeAt(copy, ['metadata', 'labels', 'app']);
    removeAt(copy, ['nothing', 'there']);
    assert.deepEqual(copy.metadata, { labels: { 'app.kubernetes.io/name': 'b' }, finalizers: ['z'] });
  });
});
