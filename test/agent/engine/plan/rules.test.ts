import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { planWorld } from '../../../../agent/engine/plan/planWorld';
import type { Plan, RunRequest } from '../../../../agent/engine/types';
import { HandrailError } from '../../../../agent/protocol/errors';
import type { MissingAnswers } from '../../../../agent/protocol/plan';
import { cells, sampleRequest } from '../sampleRequest';

const kubeconfig = `current-context: prod-eu
contexts: [{name: prod-eu, context: {cluster: c, user: ana}}]
clusters: [{name: c, cluster: {server: "https://x"}}]
`;

describe('rules of a person and of a repository', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'rules-'));
    await write('.kube/config', kubeconfig);
    await write('stage.yaml', kubeconfig.replaceAll('prod-eu', 'stage'));
    await write('.aws/config', '[profile live]\nregion=eu\n');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  };
  const plan = (text: string, change: Partial<RunRequest> = {}): Plan => {
    const environment = { ...sampleRequest('').environment, env: { HOME: home }, cwd: home };
    const request = sampleRequest(text, { file: join(home, 'repo/x.runbook.md'), environment, ...change });
    return planRun(request, planWorld({ config: join(home, 'config') }));
  };
  const refused = (text: string): HandrailError => {
    try {
      plan(text);
    } catch (error) {
      if (error instanceof HandrailError) return error;
      throw error;
    }
    throw new Error('It was not refused');
  };

  const forbidden: readonly (readonly [rule: string, text: string, message: RegExp])[] = [
    [
      'forbid: {commands: [terraform destroy]}',
      cells({ a: 'terraform  destroy' }),
      /x\.runbook\.md:1:1: `a` runs terraform destroy, which .*repo\/\.handrail\.yaml forbids/,
    ],
    ['forbid: {commands: [/rm +-r/]}', cells({ 'a when="rm -r x"': 'true' }), /`a` runs \/rm \+-r\//],
    [
      'forbid: {targets: ["ssh:*"]}',
      '---\ninputs: {t: {default: "ssh:db"}}\n---\n' + cells({ 'a target="${{ inputs.t }}"': 'true' }),
      /`a` has target=ssh:db, which .* forbids/,
    ],
    [
      'forbid: {commands: [kubectl delete]}',
      cells({ a: 'kubectl \\\n  delete pod x' }),
      /runs kubectl delete/,
    ],
    [
      'forbid: {commands: [/kubectl delete/]}',
      cells({ a: 'kubectl \t delete pod x' }),
      /runs \/kubectl delete/,
    ],
    [
      'forbid: {languages: python}',
      cells({ 'a interpreter="env -i /usr/bin/python3 -u"': 'x' }),
      /`a` is run by python/,
    ],
    [
      'forbid: {commands: [kubectl delete]}',
      cells({ 'a interpreter="kubectl delete -f"': 'x' }),
      /runs kubectl/,
    ],
    [
      'forbid: {commands: [kubectl delete]}',
      `---\nrequires:\n  p: {command: kubectl  delete x}\n---\n${cells({ a: 'x' })}`,
      /md:3:3: `p` runs kubectl delete/,
    ],
    [
      'forbid: {commands: [kubectl delete]}',
      `---\nsecrets:\n  tok: "cmd:kubectl delete x"\n---\n${cells({ a: 'echo $tok' })}`,
      /md:3:3: `tok` runs kubectl delete/,
    ],
    ['forbid: {languages: php}', '```php\nx\n```\n', /is a php cell/],
    ['forbid: {languages: sh}', '```sh\nx\n```\n', /is a sh cell/],
    ['forbid: {effects: [destroy]}', cells({ 'a effect=destroy': 'x' }), /:1:17: `a` has effect=destroy/],
    ['forbid: {targets: local}', cells({ a: 'x' }), /target=local/],
    ['require: {target: "job:*"}', cells({ a: 'x' }), /`a` has target=local, and .* requires job:\*/],
    ['readOnly: prod-*', cells({ a: 'kubectl apply -f x' }), /acts on prod-eu, which is read-only/],
    [
      'readOnly: stage',
      cells({ a: 'helm --kube-context=stage upgrade' }),
      /acts on stage, which is read-only/,
    ],
    ['forbid: {languages: [Shell]}', '```bash\nx\n```\n', /is a bash cell/],
    ['forbid: {languages: [console]}', '```SH\nx\n```\n', /is a SH cell/],
    ['forbid: {languages: [bash]}', cells({ 'a interpreter="/bin/dash -e"': 'x' }), /is a bash cell/],
    ['forbid: {languages: [bash]}', '```py {interpreter="env dash"}\nx\n```\n', /is run by bash/],
    ['forbid: {languages: [python]}', cells({ 'a interpreter=python3.12': 'x' }), /is run by python/],
    ['forbid: {commands: [kubectl delete]}', cells({ a: 'kubectl -n x delete pod' }), /runs kubectl delete/],
    [
      'forbid: {commands: [kubectl delete]}',
      `---\ninputs: {verb: {default: delete}}\n---\n${cells({ a: 'kubectl ${{ inputs.verb }} pod' })}`,
      /runs kubectl delete/,
    ],
    ['require: {timeout: 1m}', cells({ 'a background=detach': 'x' }), /outlives its run, and .* within 60 s/],
    ['readOnly: stage', cells({ a: 'kubectl --kubeconfig stage.yaml apply' }), /acts on stage/],
    ['readOnly: stage', cells({ a: 'KUBECONFIG=~/stage.yaml kubectl apply' }), /acts on stage/],
    [
      'readOnly: stage',
      cells({ a: 'export KUBECONFIG=~/stage.yaml', b: 'kubectl apply' }),
      /`b` acts on stage/,
    ],
    ['readOnly: stage', cells({ 'a env=KUBECONFIG=stage.yaml': 'kubectl apply' }), /acts on stage/],
    [
      'readOnly: stage',
      `---\nenv: {CTX: stage}\n---\n${cells({ a: 'kubectl --context "$CTX" apply' })}`,
      /acts on stage/,
    ],
    ['readOnly: stage', cells({ a: 'kubectl config use-context stage; kubectl apply' }), /acts on stage/],
    [
      'readOnly: stage',
      cells({ 'a interpreter="kubectl --context stage exec -i p -- sh"': 'x' }),
      /acts on stage/,
    ],
    ['readOnly: live', cells({ 'a env=AWS_PROFILE=live': 'aws s3 rm x' }), /acts on live/],
    ['readOnly: live', cells({ a: 'aws --profile live s3 rm x' }), /acts on live/],
    ['readOnly: live', cells({ a: 'export AWS_PROFILE=live', b: 'aws s3 rm x' }), /`b` acts on live/],
    ['readOnly: prod-*', `---\nidentity: off\n---\n${cells({ a: 'kubectl apply' })}`, /acts on prod-eu/],
  ];
  for (const [rule, text, message] of forbidden) {
    it(`forbid by ${rule}`, async () => {
      await write('repo/.handrail.yaml', `${rule}\n`);
      const error = refused(text);
      assert.equal(error.code, 'invalidRunbook');
      assert.match(error.message, message);
    });
  }

  const allowed: readonly (readonly [rule: string, text: string])[] = [
    ['readOnly: prod-*', cells({ 'a effect=read': 'kubectl get pods' })],
    ['readOnly: prod-*', cells({ a: 'echo no cluster' })],
    ['readOnly: stage-*', cells({ a: 'kubectl apply' })],
    ['forbid: {commands: [terraform destroy]}', cells({ a: 'terraform plan' })],
  ];
  for (const [rule, text] of allowed) {
    it(`do not forbid by ${rule}: ${text.split('\n')[1]}`, async () => {
      await write('repo/.handrail.yaml', `${rule}\n`);
      assert.equal(plan(text).steps.length, 1);
    });
  }

  it('tell what they cannot tell, unless its value is known', async () => {
    await write('repo/.handrail.yaml', 'forbid: {commands: [kubectl delete]}\n');
    const { warnings } = plan(cells({ a: 'kubectl "$VERB" pod' }));
    assert.deepEqual(
      warnings.map(({ code, message }) => [code, /tell whether `a` runs kubectl delete/.test(message)]),
      [['rule-in-doubt', true]],
    );
    const known = (verb: string): string =>
      `---\ninputs: {verb: {default: ${verb}}}\n---\n${cells({ a: 'kubectl "$verb" pod' })}`;
    assert.deepEqual(plan(known('get')).warnings, []);
    assert.match(refused(known('delete')).message, /`a` runs kubectl delete/);
  });

  const asking: readonly (readonly [rule: string, text: string, question: string])[] = [
    [
      'require: {approval: effect=destroy}',
      cells({ 'a effect=destroy': 'x' }),
      'Run a? (local, effect=destroy; .handrail.yaml: effect=destroy)',
    ],
    [
      'require: {approval: [/delete/]}',
      cells({ a: 'kubectl delete pod x' }),
      'Run a in prod-eu as ana? (local, effect=change; .handrail.yaml: /delete/)',
    ],
    [
      'require: {approval: helm upgrade}',
      cells({ a: 'kubectl get x; helm $VERB x' }),
      'Run a in prod-eu as ana? (local, effect=change; .handrail.yaml: helm upgrade)',
    ],
    [
      'production: prod-*',
      cells({ a: 'kubectl apply' }),
      'Run a in prod-eu as ana? (local, effect=change; .handrail.yaml: production)',
    ],
    [
      'production: prod-*',
      cells({ 'a confirm="Go to prod-eu?"': 'kubectl apply' }),
      'Go to prod-eu? (local, effect=change; .handrail.yaml: production)',
    ],
    [
      'production: far',
      cells({ a: 'kubectl --context far apply' }),
      'Run a in far in prod-eu as ana? (local, effect=change; .handrail.yaml: production)',
    ],
    [
      'production: prod-*\nrequire: {approval: production}',
      cells({ 'a effect=read': 'kubectl get x' }),
      'Run a in prod-eu as ana? (local, effect=read; .handrail.yaml: production)',
    ],
  ];
  for (const [rule, text, question] of asking) {
    it(`ask by ${rule}: ${question}`, async () => {
      await write('repo/.handrail.yaml', `${rule}\n`);
      const error = refused(text);
      assert.equal(error.code, 'needsAnswer');
      assert.deepEqual(
        (error.details as MissingAnswers).confirm.map(({ text: asked }) => asked),
        [question],
      );
      assert.equal(plan(text, { approved: ['a'] }).steps.length, 1);
    });
  }

  it('ask for the name of the context in production, where approving everything is not enough', async () => {
    await write('config/config.yaml', 'production: [prod-*]\n');
    const text = cells({ 'a confirm': 'echo', b: 'kubectl apply' });
    const { confirm } = refused(text).details as MissingAnswers;
    assert.deepEqual(
      confirm.map(({ name, typed }) => [name, typed]),
      [
        ['a', undefined],
        ['b', 'prod-eu'],
      ],
    );
    assert.throws(() => plan(text, { approved: ['*'] }), /Needs approval: b$/);
    assert.equal(plan(text, { approved: ['*', 'b'] }).steps[1]?.typed, 'prod-eu');
    assert.equal(plan(text, { asks: true }).steps[1]?.typed, 'prod-eu');
  });

  it('ask in production by the configuration, but not for what only reads', async () => {
    await write('config/config.yaml', 'production: [prod-*]\n');
    assert.equal(refused(cells({ a: 'kubectl apply' })).code, 'needsAnswer');
    assert.equal(plan(cells({ 'a effect=read': 'kubectl get pods' })).steps.length, 1);
  });

  it('limit time and require tools', async () => {
    await write('repo/.handrail.yaml', 'require: {timeout: 1m, requires: {kubectl: ">=1.29"}}\n');
    const { steps, requires } = plan(
      cells({ 'a timeout=5m': 'x', 'b timeout=5s': 'y', 'c background': 'z', d: 'x' }),
    );
    assert.deepEqual(
      steps.map(({ options }) => options.timeout),
      [60_000, 5000, undefined, 60_000],
    );
    assert.deepEqual(
      requires.map(({ name, file, column }) => [name, file, column]),
      [['kubectl', join(home, 'repo/.handrail.yaml'), 35]],
    );
  });

  it('hold a cell of another repository that is run for one here, and what undoes it', async () => {
    await write('repo/.handrail.yaml', 'forbid: {commands: [terraform destroy]}\n');
    const needing = cells({ 'a needs=../q.runbook.md#b': 'x' });
    await write('q.runbook.md', cells({ b: 'terraform destroy' }));
    assert.match(refused(needing).message, /q\.runbook\.md:1:1: `b` runs terraform destroy/);
    await write('q.runbook.md', cells({ 'b rollback=c': 'x', c: 'terraform destroy' }));
    assert.match(refused(needing).message, /`c` runs terraform destroy/);
    await write('q.runbook.md', cells({ 'b needs=c': 'x', c: 'terraform destroy' }));
    assert.match(refused(needing).message, /`c` runs terraform destroy/);
  });

  it('read versions as they are written', async () => {
    await write('repo/.handrail.yaml', 'require: {requires: {kubectl: 1.30}}\n');
    const [wanted] = plan(cells({ a: 'x' })).requires;
    assert.equal(wanted?.kind === 'tool' && wanted.version, '1.30');
  });

  it('preset attributes, before which the file and the cell come', async () => {
    await write(
      'config/config.yaml',
      'timeout: 9m\ndefaults: {retries: 2, tags: mine, placeholders: false}\n',
    );
    const [a, b] = plan(
      `---\ndefaults: {retries: 3}\n---\n${cells({ a: 'echo <x>', 'b retries=4 timeout=1s': 'y' })}`,
    ).steps;
    assert.deepEqual([a?.options.retries, a?.options.timeout, a?.options.tags], [3, 540_000, ['mine']]);
    assert.deepEqual([b?.options.retries, b?.options.timeout], [4, 1000]);
  });

  for (const slip of ['timeout: soon', 'production: [prod-*', 'productoin: prod-*']) {
    it(`of a person with a slip keep everything from running: ${slip}`, async () => {
      await write('config/config.yaml', `${slip}\nreadOnly: prod-*\n`);
      assert.match(
        refused(cells({ a: 'kubectl apply' })).message,
        /config\/config\.yaml:[12]:\d+: .+\. (Mend|Did)/,
      );
    });
  }

  it('that are broken keep everything from running; a key of another version is a warning', async () => {
    await write('config/config.yaml', 'moonPhase: 1\n');
    assert.equal(plan(cells({ a: 'x' })).warnings[0]?.file, join(home, 'config/config.yaml'));
    await write('repo/.handrail.yaml', 'forbid: [\n');
    assert.match(refused(cells({ a: 'x' })).message, /\.handrail\.yaml:2:1: /);
  });

  it('show the identity that matters, or what the front matter says', () => {
    const labels = (text: string): string =>
      plan(text)
        .identity.map(({ kind, label }) => `${kind} ${label}`)
        .join();
    assert.equal(labels(cells({ a: 'kubectl get pods' })), 'kube prod-eu as ana');
    assert.equal(labels(cells({ a: 'echo hello' })), '');
    assert.equal(labels(`---\nidentity: off\n---\n${cells({ a: 'kubectl get pods' })}`), '');
    assert.equal(labels(`---\nidentity: [kube]\n---\n${cells({ a: './deploy.sh' })}`), 'kube prod-eu as ana');
    const doubtful = plan(`---\nidentity: moon\n---\n${cells({ a: 'x' })}`);
    assert.deepEqual(
      doubtful.warnings.map(({ line, code }) => [line, code]),
      [[2, 'front-matter-value']],
    );
  });

  it('load files of variables that the front matter names', async () => {
    await write('repo/a.env', 'KUBECONFIG=other\nX=1\n');
    await write('other', kubeconfig.replaceAll('prod-eu', 'stage'));
    const text = `---\ndotenv: a.env\n---\n${cells({ a: 'kubectl get pods' })}`;
    assert.equal(plan(text).identity[0]?.label, 'stage as ana');
    assert.match(
      refused(text.replace('a.env', 'b.env')).message,
      /:2:1: dotenv in the front matter: .*b\.env is not there/,
    );
  });
});
