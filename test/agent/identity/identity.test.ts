import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { changedIdentity } from '../../../agent/identity/changedIdentity';
import { askedKinds, identityKinds } from '../../../agent/identity/identityKinds';
import { createIdentityReader, identityProviders } from '../../../agent/identity/readIdentity';
import type { IdentityFact } from '../../../agent/protocol/plan';

const kubeconfig = (name: string, context: string, user = 'ana'): string => `
apiVersion: v1
kind: Config
current-context: ${context}
contexts:
  - {name: ${name}, context: {cluster: c-${name}, user: ${user}, namespace: shop}}
clusters:
  - {name: c-${name}, cluster: {server: "https://${name}.example.org:6443"}}
users: []
`;
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const oid = '0123456789abcdef0123456789abcdef01234567';

type Row = readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  expected: string,
];

const rows: readonly Row[] = [
  ['nothing', {}, {}, 'docker default context=default endpoint=unix:///var/run/docker.sock'],
  [
    'a kubeconfig at its usual place',
    { '.kube/config': kubeconfig('prod-eu', 'prod-eu') },
    {},
    'kube prod-eu as ana context=prod-eu namespace=shop server=https://prod-eu.example.org:6443 user=ana',
  ],
  [
    'several kubeconfigs, of which the first says the context and the second knows it',
    { a: 'current-context: two\n', b: kubeconfig('two', 'one') },
    { KUBECONFIG: 'a::missing:b' },
    'kube two as ana context=two namespace=shop server=https://two.example.org:6443 user=ana',
  ],
  [
    'a context that no file has',
    { k: 'current-context: x' },
    { KUBECONFIG: 'k' },
    'kube x context=x namespace=default',
  ],
  ['a kubeconfig without a context', { '.kube/config': 'contexts: []\n' }, {}, ''],
  ['a kubeconfig that is a list', { '.kube/config': '- 1\n' }, {}, ''],
  [
    'an AWS profile with single sign-on',
    {
      '.aws/config':
        '[default]\nregion=eu-west-1\n[profile  prod]\nsso_account_id = 123456789012\nregion = eu-central-1\ns3 =\n  max = 1\n',
    },
    { AWS_PROFILE: 'prod' },
    'aws prod (123456789012) account=123456789012 profile=prod region=eu-central-1',
  ],
  [
    'an AWS role, the region from the environment',
    { '.aws/config': '[profile "r"]\nrole_arn = arn:aws:iam::42:role/admin\nregion = x\n' },
    { AWS_PROFILE: 'r', AWS_REGION: 'us-east-1' },
    'aws r (42) account=42 profile=r region=us-east-1 role=arn:aws:iam::42:role/admin',
  ],
  [
    'AWS credentials alone',
    { '.aws/credentials': '[default]\naws_access_key_id = AKIA\n' },
    {},
    'aws default profile=default',
  ],
  [
    'AWS keys in the environment, which win',
    { '.aws/config': '[profile prod]\nsso_account_id = 1\n' },
    { AWS_PROFILE: 'prod', AWS_ACCESS_KEY_ID: 'AKIAX', AWS_SECRET_ACCESS_KEY: 'hidden' },
    'aws access key AKIAX access key=AKIAX',
  ],
  [
    'a gcloud configuration',
    {
      '.config/gcloud/active_config': 'work\n',
      '.config/gcloud/configurations/config_work':
        '[core]\naccount = ana@example.org\nproject = shop-prod\n[compute]\nregion = x\n',
    },
    {},
    'gcloud shop-prod as ana@example.org account=ana@example.org configuration=work project=shop-prod',
  ],
  [
    'a gcloud project from the environment',
    {},
    { CLOUDSDK_CORE_PROJECT: 'p' },
    'gcloud p configuration=default project=p',
  ],
  [
    'the default subscription of Azure, after a byte order mark',
    {
      '.azure/azureProfile.json': `\uFEFF${JSON.stringify({
        subscriptions: [
          { id: '1', name: 'test', isDefault: false },
          { id: '2', name: 'prod', isDefault: true, tenantId: 't', user: { name: 'ana@x' } },
        ],
      })}`,
    },
    {},
    'azure prod as ana@x name=prod subscription=2 tenant=t user=ana@x',
  ],
  ['a workspace', { '.terraform/environment': 'prod' }, {}, 'tofu workspace prod folder=HOME workspace=prod'],
  ['no workspace chosen', { '.terraform/x': '' }, {}, 'tofu workspace default folder=HOME workspace=default'],
  ['a workspace from the environment', {}, { TF_WORKSPACE: 'w' }, 'tofu workspace w folder=HOME workspace=w'],
  [
    "Docker's context",
    {
      '.docker/config.json': '{"currentContext":"far","auths":{}}',
      [`.docker/contexts/meta/${sha('far')}/meta.json`]: '{"Endpoints":{"docker":{"Host":"ssh://far"}}}',
    },
    {},
    'docker far context=far endpoint=ssh://far',
  ],
  [
    "Docker's host, which wins",
    { '.docker/config.json': '{"currentContext":"far"}' },
    { DOCKER_HOST: 'tcp://h:2375', DOCKER_CONTEXT: 'x' },
    'docker tcp://h:2375 endpoint=tcp://h:2375',
  ],
  [
    'a branch',
    { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${oid}\n` },
    {},
    `git main@0123456 branch=main commit=${oid}`,
  ],
  [
    'a packed branch',
    { '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': `# pack\n${oid} refs/heads/main\n` },
    {},
    `git main@0123456 branch=main commit=${oid}`,
  ],
  ['a detached head', { '.git/HEAD': `${oid}\n` }, {}, `git 0123456 commit=${oid}`],
  [
    'a worktree',
    {
      '.git': 'gitdir: main/.git/worktrees/w\n',
      'main/.git/worktrees/w/HEAD': 'ref: refs/heads/w\n',
      'main/.git/worktrees/w/commondir': '../..\n',
      'main/.git/refs/heads/w': `${oid}\n`,
    },
    {},
    `git w@0123456 branch=w commit=${oid}`,
  ],
];

describe('identity', () => {
  let home: string;
  beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'identity-'))));
  afterEach(() => rm(home, { recursive: true, force: true }));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  };
  const all = identityProviders.map(({ kind }) => kind);

  for (const [what, files, env, expected] of rows) {
    it(`is read from ${what}`, async () => {
      for (const [path, text] of Object.entries(files)) await write(path, text);
      const warnings: string[] = [];
      const facts = createIdentityReader()({ HOME: home, ...env }, home, all, warning =>
        warnings.push(warning),
      );
      const wanted = expected.split(' ')[0];
      // Docker's default is always there; whatever else is not expected must not be.
      const told = facts.filter(({ kind }) => kind !== 'docker' || wanted === 'docker');
      assert.equal(told.map(say).join('\n').replaceAll(home, 'HOME'), expected);
      assert.deepEqual(warnings, []);
    });
  }

  const broken: readonly (readonly [path: string, text: string])[] = [
    ['.kube/config', 'contexts: [\n'],
    ['.azure/azureProfile.json', '{'],
    ['.docker/config.json', 'nonsense'],
    ['.kube/config', `x: ${'a'.repeat(5 << 20)}`],
  ];
  for (const [path, text] of broken) {
    it(`warns of ${path} that is ${text.slice(0, 12)}, and goes on`, async () => {
      await write(path, text);
      const warnings: string[] = [];
      createIdentityReader()({ HOME: home }, home, all, warning => warnings.push(warning));
      assert.equal(warnings.length, 1);
      assert.ok(warnings[0]?.startsWith(join(home, path)), warnings[0]);
    });
  }

  it('is read again once a file has changed', async () => {
    const read = createIdentityReader();
    await write('.kube/config', kubeconfig('a', 'a'));
    const before = read({ HOME: home }, home, ['kube']);
    assert.equal(changedIdentity(before, read({ HOME: home }, home, ['kube'])), undefined);
    await write('.kube/config', kubeconfig('bb', 'bb'));
    assert.deepEqual(changedIdentity(before, read({ HOME: home }, home, ['kube'])), {
      kind: 'kube',
      before: 'a as ana',
      now: 'bb as ana',
    });
  });

  const fact = (kind: string, values: Record<string, string>, held = true): IdentityFact => ({
    kind,
    label: values['context'] ?? kind,
    values,
    held,
  });
  const kube = fact('kube', { context: 'a', server: 'x' });
  const changes: readonly (readonly [
    what: string,
    before: IdentityFact[],
    now: IdentityFact[],
    expected: string,
  ])[] = [
    ['the same', [kube], [kube], ''],
    ['another context', [kube], [fact('kube', { context: 'b', server: 'x' })], 'kube: a → b'],
    [
      'another server by the same name',
      [kube],
      [fact('kube', { context: 'a', server: 'y' })],
      'kube: a, server x → a, server y',
    ],
    ['none any more', [kube], [], 'kube: a → none'],
    ['one that was not there before', [], [kube], ''],
    ['another commit', [fact('git', { commit: '1' }, false)], [fact('git', { commit: '2' }, false)], ''],
    [
      'another folder',
      [fact('tofu', { folder: '/a', workspace: 'x' })],
      [fact('tofu', { folder: '/b', workspace: 'y' })],
      '',
    ],
    [
      'another workspace',
      [fact('tofu', { folder: '/a', workspace: 'x' })],
      [fact('tofu', { folder: '/a', workspace: 'y' })],
      'tofu: tofu, workspace x → tofu, workspace y',
    ],
    [
      'the second that changed',
      [kube, fact('aws', { profile: 'p' })],
      [kube, fact('aws', { profile: 'q' })],
      'aws: aws, profile p → aws, profile q',
    ],
  ];
  for (const [what, before, now, expected] of changes) {
    it(`is compared: ${what}`, () => {
      const change = changedIdentity(before, now);
      assert.equal(change ? `${change.kind}: ${change.before} → ${change.now}` : '', expected);
    });
  }

  const texts: readonly (readonly [text: string, kinds: string])[] = [
    ['kubectl get pods', 'kube'],
    ['x=$(/usr/bin/kubectl get pods)', 'kube'],
    ['sudo helm upgrade a b && aws s3 ls', 'kube aws'],
    ['terraform plan', 'tofu'],
    ['docker compose up', 'docker'],
    ['git push', 'git'],
    ['cat docker/Dockerfile; ls my-docker awsome $docker kubectl-x', ''],
    ['echo hello', ''],
  ];
  for (const [text, kinds] of texts) {
    it(`matters to ${text}: ${kinds || 'none'}`, () => assert.equal(identityKinds([text]).join(' '), kinds));
  }

  const asked: readonly (readonly [value: unknown, expected: unknown])[] = [
    [undefined, undefined],
    ['off', { kinds: [] }],
    [false, { kinds: [] }],
    [['aws', 'kube'], { kinds: ['kube', 'aws'] }],
    ['kube', { kinds: ['kube'] }],
  ];
  for (const [value, expected] of asked) {
    it(`is asked for by ${JSON.stringify(value)}`, () => assert.deepEqual(askedKinds(value), expected));
  }
  for (const value of ['on', ['moon'], 3, {}]) {
    it(`is not asked for by ${JSON.stringify(value)}`, () => assert.ok('wrong' in (askedKinds(value) ?? {})));
  }

  it('is that of an engine by its name, whichever is in use', async () => {
    const home = await mkdtemp(join(tmpdir(), 'handrail-identity-'));
    const meta = join(home, '.docker', 'contexts', 'meta', sha('far'), 'meta.json');
    await mkdir(dirname(meta), { recursive: true });
    await writeFile(meta, '{"Endpoints":{"docker":{"Host":"ssh://far"}}}');
    const read = createIdentityReader();
    const env = { HOME: home, DOCKER_HOST: 'tcp://h:2375' };
    const values = { context: 'far', endpoint: 'ssh://far' };
    assert.deepEqual(read(env, home, ['docker:far', 'docker:none']), [
      { kind: 'docker:far', label: 'ssh://far', values, held: true },
    ]);
    await rm(home, { recursive: true, maxRetries: 5 });
  });
});

function say({ kind, label, values }: IdentityFact): string {
  const parts = Object.keys(values)
    .sort()
    .map(name => `${name}=${values[name]}`);
  return [kind, label, ...parts].join(' ');
}
