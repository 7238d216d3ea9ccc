import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { openPodsOfClient } from '../../../../agent/clusters/targets/clientPods';
import { omit } from '../../../../agent/engine/omit';
import type { CellSpec, Ending } from '../../../../agent/executors/executor';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { loadImages } from '../../../support/kubernetes/node';
import { kubernetesNode } from '../../../support/kubernetes/programs';
import { box, deployment, pod } from '../../../support/kubernetes/somePods';
import { needs } from '../../../support/realSystem';
import { waitFor } from '../../../support/waitFor';
import { createHarness, type Harness, type Outcome, until } from '../../executors/harness';

interface Case extends Partial<Pick<CellSpec, 'text' | 'strict' | 'env' | 'cwd'>> {
  readonly text: string;
  readonly out?: string;
  readonly err?: RegExp;
  readonly ending?: Partial<Ending>;
}

/** Shell cells one after the other in one session. */
const cells: Record<string, Case> = {
  'print on both streams': { text: 'echo a; echo b >&2', out: 'a\n', err: /^b\n$/ },
  'keep variables, folder and exported ones': { text: 'A="x y"; export B=é; cd /etc' },
  'have them in the next': { text: 'echo "$A|$B|$PWD"; env | grep ^B=', out: 'x y|é|/etc\nB=é\n' },
  'get what is for them only, whatever is in it': {
    text: 'printf "%s|%s" "$ONE" "$TWO"',
    env: { ONE: 'a "b" $c\\\n\n  d\n', TWO: '' },
    out: 'a "b" $c\\\n\n  d\n|',
  },
  'do not keep that': { text: 'echo ${ONE-none}', out: 'none\n' },
  'stop at the first failure': { text: 'C=3\nfalse\necho no', ending: { reason: 'exit', exit: 1 } },
  'keep what was set before it': { text: 'echo $C', out: '3\n' },
  'may exit': { text: 'D=4; exit 7', ending: { reason: 'exit', exit: 7 } },
  'keep what was set before that': { text: 'echo $D', out: '4\n' },
  'may unset what the container gives': { text: 'unset GIVEN' },
  'lack it from then on': { text: 'echo ${GIVEN-gone}; env | grep ^GIVEN || :', out: 'gone\n' },
  'have a folder of their own': { text: 'pwd', cwd: '/tmp', out: '/tmp\n' },
  'say that their folder is not there': {
    text: 'pwd',
    cwd: '/nowhere',
    ending: {
      reason: 'error',
      message:
        'The folder of this cell is not there in pod default/box: /nowhere. Create it, or correct cwd=',
    },
  },
  'read nothing': { text: 'cat; echo end', out: 'end\n' },
};

const refusals: Record<string, RegExp> = {
  'pod:default/none':
    /^There is no pod default\/none: it was understood as the pod none in the namespace default\. Look with/,
  'pod:nowhere/default/box/main':
    /there is no context nowhere or nowhere\/default\. There are test, viewer\.$/,
  'pod:test/default/box/other': /The pod box has no container other\. It has main\.$/,
  'pod:default/deploy/none': /^There is no deploy default\/none: it was understood as deploy none in the/,
  'pod:default/svc/lonely': /^svc default\/lonely has no pod that runs$/,
  'pod:viewer/default/box': /User "viewer" cannot get resource "pods"/,
  'pod:default/waits': /^The container main of pod default\/waits does not run yet: ErrImageNeverPull/,
};

describe('cells in pods', function () {
  this.timeout(240_000);
  before(needs(kubernetesNode));
  let cluster: Cluster;
  let harness: Harness;
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster({ node: true });
    await loadImages(cluster.folder, 'python', 'node');
    await cluster.apply(
      pod('box', '', { containers: [box('sleep 100000', { env: [{ name: 'GIVEN', value: '1' }] })] }),
    );
    await cluster.apply(pod('waits', '', { containers: [box('', { image: 'localhost/none:1' })] }));
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'lonely' } };
    await cluster.apply({ ...service, spec: { selector: { app: 'nobody' }, ports: [{ port: 80 }] } });
    await ready('box');
    harness = await open();
  });
  after(async () => {
    await harness?.close();
    await cluster?.[Symbol.asyncDispose]();
  });

  const ready = (name: string) =>
    cluster.kubectl('wait', `pod/${name}`, '--for=condition=Ready', '--timeout=120s');
  const open = (env: Record<string, string> = { KUBECONFIG: cluster.kubeconfig }) =>
    createHarness(env, {
      openTarget: openPodsOfClient(() => ({ production: [], readOnly: [], kubeconfigs: [] })),
    });
  const on = (
    target: string,
    spec: Partial<CellSpec>,
    started?: Parameters<Harness['run']>[1],
  ): Promise<Outcome> => harness.run({ target, file: join(harness.folder, 'book.md'), ...spec }, started);
  const running = async (name: string): Promise<string[]> =>
    (await cluster.kubectl('exec', name, '--', 'ps', '-o', 'args'))
      .split('\n')
      .filter(line => /^sleep \d{4}$/.test(line.trim()));

  for (const [does, { out, err, ending = { reason: 'exit', exit: 0 }, ...spec }] of Object.entries(cells)) {
    it(does, async () => {
      const found = await on('pod:default/box', spec);
      assert.deepEqual(omit(found.ending, 'failedLine'), ending, found.err);
      if (out !== undefined) assert.equal(found.out, out);
      if (err !== undefined) assert.match(found.err, err);
    });
  }

  for (const [target, said] of Object.entries(refusals)) {
    it(`say why ${target} cannot be`, async () => {
      const { ending } = await on(target, { text: 'echo no' });
      assert.equal(ending.reason, 'error');
      assert.match(ending.message ?? '', said);
    });
  }

  it('carry much output whole', async () => {
    const { out } = await on('pod:default/box', { text: 'seq 300000' });
    assert.equal(out, `${Array.from({ length: 300_000 }, (_, at) => at + 1).join('\n')}\n`);
  });

  it('leave nothing when they are cancelled, whatever they ignore', async () => {
    const text =
      'trap "" INT TERM; (trap "" TERM; sleep 1111) & env -i sleep 2222 & echo on; sleep 3333; sleep 4444';
    const { ending } = await on('pod:default/box', { text }, (execution, printed) => {
      void until(() => printed().includes('on'), 30_000).then(() => execution.stop('cancel'));
    });
    assert.equal(ending.reason, 'cancel');
    assert.deepEqual(await running('box'), []);
  });

  it('end by a time-out', async () => {
    const { ending } = await on('pod:default/box', { text: 'echo on; sleep 5555' }, (execution, printed) => {
      void until(() => printed().includes('on'), 30_000).then(() => execution.stop('timeout'));
    });
    assert.equal(ending.reason, 'timeout');
    assert.deepEqual(await running('box'), []);
  });

  it('leave what they start in the background until the session ends, and it is listed', async () => {
    const { out } = await on('pod:default/box', { text: 'sleep 6666 & echo begun' });
    assert.equal(out, 'begun\n');
    const listed = await harness.session.processes();
    assert.deepEqual(
      listed.map(({ command }) => command),
      ['sleep 6666 (pod:default/box)'],
    );
    await harness.close();
    await waitFor('the end', async () => (await running('box')).length === 0 || undefined, 30_000);
    const left = await cluster.kubectl('exec', 'box', '--', 'sh', '-c', 'ls -a /tmp /dev/shm');
    assert.doesNotMatch(left, /handrail/);
    harness = await open();
  });

  it('have a terminal, its size, and what is typed; what they were given is not shown', async () => {
    const text = 'stty size; printf "name? "; read -r NAME; echo "hello $NAME $KEY"; [ -t 1 ] && echo tty';
    const spec = { text, terminal: { columns: 91, rows: 23 }, env: { KEY: 'hidden\nvalue' } };
    const { bytes, ending } = await on('pod:default/box', spec, (execution, printed) => {
      void until(() => printed().includes('name?'), 30_000).then(() => {
        execution.write(Buffer.from('ana\r'));
      });
    });
    assert.deepEqual(ending, { reason: 'exit', exit: 0 });
    const shown = bytes.toString().replaceAll('\r\n', '\n');
    assert.equal(shown, '23 91\nname? ana\nhello ana hidden\nvalue\ntty\n');
  });

  it('run in a pod of a workload and of a service, and go on in the next one', async () => {
    await cluster.apply(deployment('web', 'sleep 100000'));
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'front' } };
    await cluster.apply({ ...service, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
    await cluster.kubectl('rollout', 'status', 'deploy/web', '--timeout=120s');
    const first = await on('pod:default/deploy/web', { text: 'KEPT=yes; hostname' });
    assert.match(first.out, /^web-/, first.ending.message);
    const same = await on('pod:test/default/svc/front/main', { text: 'hostname' });
    assert.equal(same.out, first.out, same.ending.message);
    await cluster.kubectl('delete', 'pod', first.out.trim());
    await cluster.kubectl('rollout', 'status', 'deploy/web', '--timeout=120s');
    const next = await waitFor(
      'another pod',
      async () => {
        const found = await on('pod:default/deploy/web', { text: 'hostname; echo $KEPT' });
        return found.ending.reason === 'exit' ? found : undefined;
      },
      60_000,
    );
    assert.match(next.out, /^web-.*\nyes\n$/);
    assert.notEqual(next.out.split('\n')[0], first.out.trim());
  });

  it('say that their pod has been removed, or replaced, while they ran', async () => {
    for (const again of [false, true]) {
      await cluster.apply(pod('goes', 'sleep 100000'));
      await ready('goes');
      const { ending } = await on('pod:default/goes', { text: 'echo on; sleep 1000' }, (_, printed) => {
        void until(() => printed().includes('on'), 30_000).then(async () => {
          await cluster.kubectl('delete', 'pod', 'goes', '--now');
          if (again) await cluster.apply(pod('goes', 'sleep 100000'));
        });
      });
      assert.equal(ending.reason, 'lost');
      assert.match(
        ending.message ?? '',
        /^The pod default\/goes (is being removed|has been (removed|replaced))|^The container main of pod default\/goes (has ended|does not run yet)/,
      );
      await cluster.kubectl('delete', 'pod', 'goes', '--ignore-not-found', '--now');
    }
  });

  it('say that their container has ended', async () => {
    await cluster.apply(pod('dies', 'sleep 100000', { restartPolicy: 'Never', shareProcessNamespace: true }));
    await ready('dies');
    const text =
      'echo on; for p in /proc/[0-9]*; do grep -q "sleep.100000" $p/cmdline && kill -9 ${p#/proc/}; done; sleep 1000';
    const { ending } = await on('pod:default/dies', { text });
    assert.equal(ending.reason, 'lost');
    assert.match(ending.message ?? '', /^The container main of pod default\/dies has ended \(exit 137/);
  });

  for (const [language, image, set, read] of [
    [
      'python',
      'python',
      'import os\nx = 41\nos.chdir("/etc")\nprint(os.environ["KEY"])',
      'print(x + 1, os.getcwd())',
    ],
    [
      'node',
      'node',
      'let x = 41; process.chdir("/etc"); console.log(process.env.KEY)',
      'console.log(x + 1, process.cwd())',
    ],
  ] as const) {
    it(`keep the state of ${language}, and end with a cancel`, async () => {
      const container = box('sleep 100000', { image: `localhost/${image}:1` });
      await cluster.apply(pod(image, '', { containers: [container] }));
      await ready(image);
      const target = `pod:default/${image}`;
      const first = await on(target, { language, text: set, env: { KEY: 'k' } });
      assert.deepEqual(
        [first.ending.reason, first.out],
        ['exit', 'k\n'],
        `${first.ending.message} ${first.err}`,
      );
      const second = await on(target, { language, text: read });
      assert.equal(second.out, '42 /etc\n', second.err);
      const slow =
        language === 'python'
          ? 'import subprocess\nprint("on", flush=True)\nsubprocess.run(["sleep", "7777"])'
          : 'console.log("on"); require("child_process").execSync("sleep 7777")';
      const stopped = await on(target, { language, text: slow }, (execution, printed) => {
        void until(() => printed().includes('on'), 30_000).then(() => execution.stop('cancel'));
      });
      assert.equal(stopped.ending.reason, 'cancel', stopped.ending.message);
      assert.deepEqual(await running(image), []);
      const terminal = await on(`pod:default/pod/${image}`, {
        language,
        text:
          language === 'python'
            ? 'import sys; print(sys.stdout.isatty())'
            : 'console.log(process.stdout.isTTY)',
        terminal: { columns: 80, rows: 24 },
      });
      assert.match(terminal.bytes.toString(), /true/i);
    });
  }

  it('say that the connection was cut, and end what ran, where only theirs is', async () => {
    await using cut = await startProxy(new URL(cluster.address).port);
    const text = await readFile(cluster.kubeconfig, 'utf8');
    const KUBECONFIG = join(harness.folder, 'through-proxy');
    await writeFile(KUBECONFIG, text.replace(cluster.address, `https://127.0.0.1:${cut.port}`));
    const far = await open({ KUBECONFIG });
    try {
      const target = 'pod:default/box';
      await far.run({ target, text: 'A=1' });
      const { ending } = await far.run({ target, text: 'echo on; sleep 9999' }, (_, printed) => {
        void until(() => printed().includes('on'), 30_000).then(() => cut.last());
      });
      assert.deepEqual(ending, {
        reason: 'lost',
        message: 'The connection was lost: it was cut. What ran in pod default/box was ended.',
      });
      assert.deepEqual(await running('box'), []);
      assert.equal((await far.run({ target, text: 'echo $A' })).out, '1\n');
      const python = { target: 'pod:default/python', language: 'python' };
      const slow = 'import subprocess\nprint("on", flush=True)\nsubprocess.run(["sleep", "9998"])';
      const lost = await far.run({ ...python, text: slow }, (_, printed) => {
        void until(() => printed().includes('on'), 30_000).then(() => cut.last());
      });
      assert.match(
        lost.ending.message ?? '',
        /^The connection was lost: .* What ran in pod default\/python was/,
      );
      assert.deepEqual(await running('python'), []);
      assert.match((await far.run({ ...python, text: 'print(1)' })).err, /^python had ended/);
    } finally {
      await far.close();
    }
  });

  it('go on with a login that was renewed, and in another cluster of that name anew', async () => {
    const KUBECONFIG = join(harness.folder, 'renewed');
    const text = await readFile(cluster.kubeconfig, 'utf8');
    await writeFile(KUBECONFIG, text);
    const own = await open({ KUBECONFIG });
    try {
      const target = 'pod:test/default/box';
      await own.run({ target, text: 'sleep 2345 & A=1' });
      await writeFile(KUBECONFIG, text.replace(cluster.tokens.admin, 'expired'));
      const refused = await own.run({ target, text: 'echo no' });
      assert.match(refused.ending.message ?? '', /does not accept the credentials of admin \(401\)/);
      await writeFile(KUBECONFIG, text);
      assert.equal((await own.run({ target, text: 'echo $A; jobs' })).out, '1\n');
      assert.deepEqual(await running('box'), ['sleep 2345']);
      const python = { target: 'pod:test/default/python', language: 'python' };
      await own.run({ ...python, text: 'x = 1' });
      const { admin } = cluster.tokens;
      const other = text.replace(admin, `${admin}\n      as: admin\n      as-groups: [system:masters]`);
      await writeFile(KUBECONFIG, other);
      assert.match((await own.run({ ...python, text: 'print(2)' })).err, /^python had ended/);
      await writeFile(KUBECONFIG, text.replace(cluster.address, 'https://127.0.0.1:9'));
      const elsewhere = await own.run({ target, text: 'echo no' });
      assert.match(elsewhere.ending.message ?? '', /127\.0\.0\.1:9: connection refused/);
      assert.deepEqual(await running('box'), []);
    } finally {
      await own.close();
    }
  });

  it('say that the connection was cut, and end what ran, when the API server is killed', async () => {
    const { ending } = await on('pod:default/box', { text: 'echo on; sleep 8888' }, (_, printed) => {
      void until(() => printed().includes('on'), 30_000).then(() => cluster.restart());
    });
    assert.equal(ending.reason, 'lost');
    assert.match(ending.message ?? '', /connection (was lost|refused)|cut|reset/i);
    await waitFor(
      'the end',
      async () => (await running('box').catch(() => ['?'])).length === 0 || undefined,
      60_000,
    );
    const next = await waitFor(
      'the API server',
      async () => {
        const found = await on('pod:default/box', { text: 'echo again' });
        return found.ending.reason === 'exit' ? found : undefined;
      },
      90_000,
    );
    assert.equal(next.out, 'again\n');
  });
});

/** Carries connections to a port of this machine; `last` cuts the one that was made last of those that are there. */
async function startProxy(to: string): Promise<{ port: number; last(): void } & AsyncDisposable> {
  const open: Socket[] = [];
  const server = createServer(near => {
    const far = connect(Number(to), '127.0.0.1');
    open.push(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one
        .on('error', () => other.destroy())
        .on('close', () => other.destroy())
        .pipe(other);
    near.once('close', () => open.splice(open.indexOf(near), 1));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    last: () => void open.at(-1)?.destroy(),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
