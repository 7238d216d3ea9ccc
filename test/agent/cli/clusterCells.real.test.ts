import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { type Cluster, startCluster } from '../../support/kubernetes/cluster';
import { kubernetesNode } from '../../support/kubernetes/programs';
import { pod } from '../../support/kubernetes/somePods';
import { needs, provide } from '../../support/realSystem';
import { eventually, Place, runbook } from './handrail';

describe('handrail run with cells for clusters', function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let env: Record<string, string>;
  before(needs(kubernetesNode));
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster({ node: true });
    const programs = await provide(kubernetesNode);
    const PATH = [programs, process.env['PATH']].join(delimiter);
    env = { KUBECONFIG: cluster.kubeconfig, PATH };
    await cluster.apply(pod('box', 'sleep 100000'));
    await cluster.kubectl('create', 'secret', 'generic', 'db', '--from-literal=password=correct horse');
    const role = ['--verb=get', '--resource=secrets', '--resource-name=db'];
    await cluster.kubectl('create', 'role', 'reader', ...role);
    await cluster.kubectl('create', 'rolebinding', 'reader', '--role=reader', '--user=viewer');
    await cluster.kubectl('wait', 'pod/box', '--for=condition=Ready', '--timeout=120s');
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  const withFront = (front: string, cells: Readonly<Record<string, string>>): string =>
    `---\n${front}\n---\n${runbook(cells)}`;

  it('runs them in a pod, with their state, secrets and exit codes', async () => {
    const text = withFront('secrets: {password: "k8s:default/db#password"}\ntarget: pod:test/default/box', {
      first: 'A=1; cd /etc; hostname',
      'second secrets=password': 'echo "$A $PWD ${#password} $password"',
      'here target=local': 'echo "here ${A-none}"',
      last: 'exit 7',
    });
    await using place = await Place.make({ 'a.md': text });
    const { code, stdout, stderr } = await place.run(['run', 'a.md'], { env });
    assert.equal(stdout, 'box\n1 /etc 13 •••\nhere none\n', stderr);
    assert.equal(code, 1, stderr);
    assert.doesNotMatch(stderr, /Warning/);
    const planned = await place.run(['run', 'a.md', '--dry-run'], { env });
    assert.match(planned.stdout, /test as admin/, planned.stdout);
  });

  it('ends what runs in a pod when it is killed', async () => {
    await using place = await Place.make({ 'a.md': runbook({ 'a target=pod:default/box': 'sleep 4321' }) });
    const child = place.start(['run', 'a.md'], { env });
    const sleeps = async (): Promise<boolean> =>
      /sleep 4321$/m.test(await cluster.kubectl('exec', 'box', '--', 'ps', '-o', 'args'));
    await eventually(async () => ((await sleeps()) ? true : undefined), 60_000);
    child.kill('SIGKILL');
    await child.ended;
    await eventually(async () => ((await sleeps()) ? undefined : true), 60_000);
  });

  it('asks for the name of a production context, and refuses what changes a read-only one', async () => {
    const text = runbook({ 'a target=pod:default/box effect=change': 'echo changed' });
    await using place = await Place.make({ 'a.md': text, '.handrail.yaml': 'production: te*\n' });
    const asked = await place.run(['run', 'a.md', '--yes'], { env });
    assert.equal(asked.code, 3, asked.stderr);
    assert.match(asked.stderr, /test/);
    assert.equal((await place.run(['run', 'a.md', '--approve', 'a'], { env })).stdout, 'changed\n');
    await using other = await Place.make({ 'a.md': text, '.handrail.yaml': 'readOnly: test\n' });
    const refused = await other.run(['run', 'a.md', '--approve', 'a'], { env });
    assert.match(refused.stderr, /`a` acts on test, which is read-only/);
  });

  it('has kubectl act on the context of the runbook, whatever is in use and whatever cells choose', async () => {
    const before = await readFile(cluster.kubeconfig, 'utf8');
    const text = withFront('context: viewer\nsecrets: {who: "cmd:kubectl config current-context"}', {
      first:
        'kubectl config current-context; kubectl auth whoami -o jsonpath={.status.userInfo.username}; echo',
      file: 'own=${KUBECONFIG%%:*}; stat -c %a "$own"; cat "$own"; echo "own=$own"',
      change:
        'kubectl config set-context --current --namespace=other >&2; kubectl config use-context test >&2',
      then: 'kubectl config current-context; kubectl config view --minify -o jsonpath={..namespace}; echo',
    });
    await using place = await Place.make({ 'a.md': text });
    const { code, stdout, stderr } = await place.run(['run', 'a.md'], { env });
    const lines = stdout.split('\n');
    assert.deepEqual(lines.slice(0, 3), ['viewer', 'viewer', '600'], stderr);
    assert.doesNotMatch(stdout, new RegExp(`${cluster.tokens.viewer}|${cluster.tokens.admin}`));
    // The identity that was planned is held to: a cell that chooses another context ends the run.
    assert.match(stderr, /`?then`?[^]*It would act elsewhere than planned: kube was viewer as viewer/);
    assert.equal(code, 1);
    assert.equal(await readFile(cluster.kubeconfig, 'utf8'), before);
    const [, own = ''] = /^own=(.*)$/m.exec(stdout) ?? [];
    await assert.rejects(readFile(own), /ENOENT/);
  });

  it('plans as that context, and gives secrets and probes of it', async () => {
    const front = [
      'context: viewer',
      'secrets:',
      '  password: "k8s:default/db#password"',
      '  who: "cmd:kubectl config current-context"',
      'requires:',
      '  own: {command: "test $(kubectl config current-context) = viewer"}',
    ].join('\n');
    const cells = {
      'a secrets=password,who': 'echo "${#password} ${#who}"; kubectl get pods || echo refused',
    };
    await using place = await Place.make({ 'a.md': withFront(front, cells) });
    const planned = await place.run(['run', 'a.md', '--dry-run'], { env });
    assert.match(planned.stdout, /viewer as viewer/);
    const { stdout, stderr } = await place.run(['run', 'a.md'], { env });
    assert.equal(stdout, '13 6\nrefused\n', stderr);
    const unknown = withFront('context: nowhere', { a: 'kubectl get pods' });
    await using other = await Place.make({ 'a.md': unknown });
    const failed = await other.run(['run', 'a.md'], { env });
    assert.match(failed.stderr, /No kubeconfig has the context nowhere/);
    assert.match(failed.stderr, /context was not found|context "nowhere" does not exist/);
  });

  it('has the context, and the state that cells had in a pod, when it goes on from an earlier run', async () => {
    const text = withFront('context: viewer', {
      'pod target=pod:test/default/box': 'A=kept',
      local: 'B=here',
      fails: 'test -e go; kubectl config current-context; echo "$B"',
      'more target=pod:test/default/box': 'echo "$A"',
    });
    await using place = await Place.make({ 'a.md': text });
    const failed = await place.run(['run', 'a.md'], { env });
    const [, id = ''] = /handrail resume (\w+)/.exec(failed.stderr) ?? [];
    await writeFile(`${place.path}/go`, '');
    const { code, stdout, stderr } = await place.run(['resume', id], { env });
    assert.equal(stdout, 'viewer\nhere\nkept\n', stderr);
    assert.equal(code, 0);
  });

  it('keeps it for a cell that outlives the run', async () => {
    const cell =
      'while test ! -e go; do sleep 0.1; done; kubectl config current-context >found.part; mv found.part found';
    await using place = await Place.make({
      'a.md': withFront('context: viewer', { 'a background=detach cwd=.': cell }),
    });
    const { code, stderr } = await place.run(['run', 'a.md'], { env });
    assert.equal(code, 0, stderr);
    await writeFile(`${place.path}/go`, '');
    assert.equal(await eventually(() => place.read('found').catch(() => undefined), 30_000), 'viewer\n');
  });

  it('says why a secret of a real cluster cannot be had', async () => {
    const cases: Readonly<Record<string, RegExp>> = {
      'default/db#nope': /Secret default\/db has no key nope; it has password/,
      'default/none#x': /there is no Secret default\/none on test \(404\)/,
      'viewer/default/other#x': /this user may not read Secret default\/other on viewer \(403\)/,
      'nowhere/default/db#password': /there is no context nowhere in the kubeconfig; it has test, viewer/,
    };
    for (const [place, said] of Object.entries(cases)) {
      const text = withFront(`secrets: {s: "k8s:${place}"}`, { 'a secrets=s': 'echo no' });
      await using there = await Place.make({ 'a.md': text });
      const { stdout, stderr } = await there.run(['run', 'a.md'], { env });
      assert.equal(stdout, '');
      assert.match(stderr, said);
    }
  });
});
