import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { needs } from '../realSystem';
import { waitFor } from '../waitFor';
import { type Cluster, startCluster } from './cluster';
import { loadImages } from './node';
import { kubernetes, kubernetesNode } from './programs';

describe('a cluster for a test', function () {
  this.timeout(300_000);
  before(needs(kubernetes));

  it('has two users, one of whom may do nothing', async () => {
    await using cluster = await startCluster();
    await cluster.kubectl('create', 'namespace', 'shop');
    assert.match(await cluster.kubectl('get', 'namespaces', '-o', 'name'), /^namespace\/shop$/m);
    const asViewer = cluster.kubectl('--context', 'viewer', 'get', 'pods', '-n', 'shop');
    await assert.rejects(asViewer, /Forbidden/);
  });

  it('keeps its data over a crash, and hangs while it is frozen', async () => {
    await using cluster = await startCluster();
    await cluster.apply(configMap('kept'));
    await cluster.restart();
    assert.equal(await cluster.kubectl('get', 'cm', 'kept', '-o', 'jsonpath={.data.a}'), 'b');
    await cluster.freeze();
    await assert.rejects(ask(cluster, '/readyz', 1000), /timeout|aborted/i);
    await cluster.thaw();
    await waitFor('an answer', () => ask(cluster, '/readyz', 5000).catch(() => undefined), 60_000);
  });

  it('has forgotten earlier versions once it was compacted', async () => {
    await using cluster = await startCluster();
    const maps = '/api/v1/namespaces/default/configmaps';
    const listed = JSON.parse(await ask(cluster, maps, 20_000)) as { metadata: { resourceVersion: string } };
    await cluster.apply(configMap('one'));
    await cluster.apply(configMap('two'));
    await cluster.compact();
    const path = `${maps}?watch=true&timeoutSeconds=5&resourceVersion=${listed.metadata.resourceVersion}`;
    assert.match(await ask(cluster, path, 20_000), /"code":410/);
  });
});

describe('a node for a test', function () {
  this.timeout(600_000);
  let cluster: Cluster;
  before(needs(kubernetesNode));
  before(async () => void (cluster = await startCluster({ node: true })));

  it('runs a pod, whose output and shell the API server gives', async () => {
    await cluster.apply(pod('talks', ['sh', '-c', 'echo hello; sleep 1000']));
    await cluster.kubectl('wait', 'pod/talks', '--for=condition=Ready', '--timeout=90s');
    assert.equal(await cluster.kubectl('logs', 'talks'), 'hello');
    assert.equal(await cluster.kubectl('exec', 'talks', '--', 'echo', 'within'), 'within');
  });

  it('runs what controllers make', async () => {
    const image = 'localhost/busybox:1';
    await cluster.kubectl('create', 'job', 'once', `--image=${image}`, '--', 'true');
    await cluster.kubectl('wait', 'job/once', '--for=condition=Complete', '--timeout=90s');
  });

  it('knows other images where they were loaded', async () => {
    await loadImages(cluster.folder, 'bash');
    await cluster.apply(pod('bash', ['sleep', '1000'], 'bash'));
    await cluster.kubectl('wait', 'pod/bash', '--for=condition=Ready', '--timeout=90s');
    assert.match(
      await cluster.kubectl('exec', 'bash', '--', 'bash', '-c', 'echo ${BASH_VERSION%%.*}'),
      /^\d+$/,
    );
  });

  it('leaves nothing', async () => {
    const { folder } = cluster;
    await cluster[Symbol.asyncDispose]();
    assert.equal(existsSync(folder), false);
    assert.deepEqual(
      readFileSync('/proc/mounts', 'utf8')
        .split('\n')
        .filter(line => line.includes(folder)),
      [],
    );
    const groups = readdirSync('/sys/fs/cgroup').map(name => join('/sys/fs/cgroup', name, basename(folder)));
    assert.deepEqual(groups.filter(existsSync), []);
  });
});

async function ask(cluster: Cluster, path: string, deadline: number): Promise<string> {
  return cluster.kubectl('get', '--raw', path, `--request-timeout=${deadline}ms`);
}

function configMap(name: string): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } };
}

function pod(name: string, command: readonly string[], image = 'busybox'): object {
  const container = { name: 'main', image: `localhost/${image}:1`, command, imagePullPolicy: 'Never' };
  const spec = { containers: [container], terminationGracePeriodSeconds: 0 };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
}
