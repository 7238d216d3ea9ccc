import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cluster, startCluster } from '../../support/kubernetes/cluster';
import { kubernetes } from '../../support/kubernetes/programs';
import { needs } from '../../support/realSystem';
import { Place } from './handrail';

describe('handrail drift', function () {
  this.timeout(120_000);
  before(needs(kubernetes));
  let cluster: Cluster;
  let place: Place;
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster();
    place = await Place.make();
    await mkdir(join(place.path, 'deploy'));
    await mkdir(join(place.path, 'empty'));
  });
  after(async () => {
    await place?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const put = (data: string) =>
    writeFile(
      join(place.path, 'deploy', 'map.yaml'),
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n${data}\n`,
    );
  const drift = (...args: readonly string[]) =>
    place.run(['drift', ...args], { env: { KUBECONFIG: cluster.kubeconfig } });

  it('exits 1 where something is missing or changed, 0 in sync', async () => {
    await put('data: {a: b}');
    const missing = await drift('deploy', '--context', 'test');
    assert.equal(missing.code, 1, missing.stderr);
    assert.match(missing.stdout, /missing\s+configmaps\/default\/map\s+deploy\/map\.yaml:1/);
    await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' }, data: { a: 'b' } });
    const same = await drift('deploy', '--context', 'test');
    assert.equal(same.code, 0, same.stdout + same.stderr);
    assert.match(same.stdout, /^test at https:\/\/127\.0\.0\.1:\d+: 1 object: 1 in sync\n$/);
    await put('data: {a: other}');
    const changed = await drift('deploy', '--context', 'test', '--namespace', 'default');
    assert.equal(changed.code, 1);
    assert.match(changed.stdout, /^- {2}a: b\n\+ {2}a: other$/m);
  });

  it('prints JSON for programs', async () => {
    for (const how of [['--output', 'json'], ['--json']]) {
      const { code, stdout } = await drift('deploy', '--context', 'test', ...how);
      assert.equal(code, 1);
      assert.partialDeepStrictEqual(JSON.parse(stdout), {
        context: 'test',
        madeBy: 'files',
        objects: [{ id: 'configmaps/default/map', state: 'changed', line: 1 }],
        problems: [],
      });
    }
  });

  it('exits 2 where a manifest is invalid, or nothing can be found out', async () => {
    await put('date: {a: other}');
    const invalid = await drift('deploy', '--context', 'test');
    assert.equal(invalid.code, 2);
    assert.match(invalid.stderr, /^deploy\/map\.yaml:4:1: There is no field date here; is data meant\?$/m);
    await put('data: {a: b}');
    const cases = [
      [['deploy', '--context', 'viewer'], /viewer may not get configmaps in default/],
      [['deploy', '--context', 'none'], /there is no context none\. There are: test, viewer/],
      [['deploy'], /Name its context: --context NAME/],
      [['nowhere', '--context', 'test'], /nowhere cannot be read: ENOENT/],
    ] as const;
    for (const [args, said] of cases) {
      const { code, stdout, stderr } = await drift(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stdout + stderr, said);
    }
  });

  it('finds an empty folder in sync, and says so', async () => {
    const { code, stdout } = await drift('empty', '--context', 'test');
    assert.deepEqual([code, /there is no manifest here/.test(stdout)], [0, true]);
  });

  it('exits 2 where the cluster is not there', async () => {
    await cluster.stop();
    const { code, stderr } = await drift('deploy', '--context', 'test');
    assert.equal(code, 2);
    assert.match(stderr, /refused|Nobody listens|nobody listens/);
    await cluster.start();
  });
});
