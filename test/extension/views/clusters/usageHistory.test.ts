import * as assert from 'node:assert/strict';
import { UsageHistory, usageTable, usageText } from '../../../../extension/views/clusters/usageHistory';

const MiB = 2 ** 20;

describe('what pods and nodes have used', () => {
  const sample = (name: string, at: number, cpu = at) => ({ name, at, usage: { cpu, memory: MiB } });
  const cpus = (history: UsageHistory, name: string) => history.of('t', { name })?.map(({ cpu }) => cpu);

  it('is remembered, each measurement once', () => {
    const history = new UsageHistory();
    assert.equal(history.take('t', [sample('a', 1), sample('b', 1)]), true);
    assert.equal(history.take('t', [sample('a', 1), sample('b', 1)]), false);
    assert.equal(history.take('t', [sample('a', 2), sample('b', 1)]), true);
    assert.deepEqual([cpus(history, 'a'), cpus(history, 'b')], [[1, 2], [1]]);
  });

  it('goes with what is measured no more', () => {
    const history = new UsageHistory();
    history.take('t', [sample('a', 1), sample('b', 1)]);
    assert.equal(history.take('t', [sample('b', 1)]), true);
    assert.equal(cpus(history, 'a'), undefined);
    history.forget('t');
    assert.equal(cpus(history, 'b'), undefined);
  });

  it('is bounded', () => {
    const history = new UsageHistory();
    const names = Array.from({ length: 1001 }, (_, at) => `pod-${String(at)}`);
    for (let at = 1; at <= 100; at++)
      history.take(
        't',
        names.map(name => sample(name, at)),
      );
    assert.deepEqual(cpus(history, 'pod-0')?.length, 60);
    assert.deepEqual(cpus(history, 'pod-1000'), [100]);
  });

  for (const [usage, text] of [
    [{ cpu: 12.346, memory: 34 * MiB }, '12m · 34 MiB'],
    [{ cpu: 0, memory: 0 }, '0m · 0 B'],
    [{ cpu: 12_500, memory: 3 * 1024 * MiB }, '12.5 cores · 3 GiB'],
  ] as const)
    it(`is told as ${text}`, () => assert.equal(usageText(usage), text));

  it('has a curve once there are two measurements', () => {
    assert.equal(usageTable([]), '');
    assert.ok(!usageTable([{ cpu: 1, memory: 1 }]).includes('data:'));
    const two = usageTable([
      { cpu: 1, memory: 1 },
      { cpu: 2, memory: 1 },
    ]);
    assert.equal(two.split('data:image/svg+xml').length, 3);
  });
});
