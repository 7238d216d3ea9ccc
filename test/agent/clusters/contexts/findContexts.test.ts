import assert from 'node:assert/strict';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findContexts, type Searcher } from '../../../../agent/clusters/contexts/findContexts';
import { KubeconfigReader } from '../../../../agent/clusters/contexts/kubeconfigReader';
import { NamePattern } from '../../../../agent/config/fields';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';

const one = (name: string, more = ''): string => `
clusters: [{name: c-${name}, cluster: {server: "https://${name}:6443"}}]
users: [{name: u-${name}, user: {token: t-${name}}}]
contexts: [{name: ${name}, context: {cluster: c-${name}, user: u-${name}}}]
${more}`;

describe('contexts of kubeconfigs', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (home = await temporaryFolder('handrail-kube')));
  afterEach(() => home[Symbol.asyncDispose]());

  const put = async (name: string, text: string): Promise<string> => {
    const file = join(home.path, name);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text);
    return file;
  };
  const find = (env: Record<string, string> = {}, change: Partial<Searcher> = {}) =>
    findContexts({
      env: { HOME: home.path, ...env },
      config: { production: [], readOnly: [], kubeconfigs: [] },
      isConfigBroken: false,
      ...change,
    });

  it('are those of ~/.kube/config where nothing else is said', async () => {
    const file = await put('.kube/config', one('a', 'current-context: a'));
    const { contexts, looked, problems, places } = find();
    assert.deepEqual(problems, []);
    assert.deepEqual(looked, [{ place: file, found: '1 context' }]);
    assert.deepEqual(places, [file]);
    const [found] = contexts;
    assert.partialDeepStrictEqual(found, {
      id: 'a',
      clusterName: 'c-a',
      userName: 'u-a',
      namespace: 'default',
      current: true,
      insecure: false,
      login: 'token',
    });
    assert.equal(found?.cluster.server, 'https://a:6443');
    assert.equal(found.user.token, 't-a');
  });

  it('are none, and it is told where was looked, where there is no file', () => {
    const { contexts, looked, problems } = find();
    assert.deepEqual([contexts, problems], [[], []]);
    assert.deepEqual(looked, [{ place: join(home.path, '.kube/config'), found: 'not there' }]);
  });

  it('are merged as kubectl does it: the first entry of a name counts, whole', async () => {
    const a = await put('a', one('x', 'current-context: x'));
    const b = await put(
      'b',
      `current-context: y
users: [{name: u-x, user: {token: other, username: ana}}]
contexts:
- {name: y, context: {cluster: c-x, user: u-x, namespace: shop}}
- {name: x, context: {cluster: gone}}`,
    );
    const { contexts, problems } = find({ KUBECONFIG: ['', a, join(home.path, 'no'), b].join(delimiter) });
    assert.deepEqual(
      contexts.map(({ name, current, namespace, user }) => [name, current, namespace, user.token]),
      [
        ['x', true, 'default', 't-x'],
        ['y', false, 'shop', 't-x'],
      ],
    );
    assert.equal(contexts[1]?.user.username, undefined);
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? '', /context x does not count: .*a:4 has one of that name before/);
    assert.deepEqual([problems[0]?.file, problems[0]?.line], [b, 5]);
  });

  it('have paths that are relative to their own file', async () => {
    await put(
      'deep/config',
      `
clusters: [{name: c, cluster: {server: "https://h", certificate-authority: ca.pem}}]
users:
- {name: u, user: {client-certificate: ../me.pem, client-key: /k.pem, tokenFile: t}}
- {name: p, user: {exec: {command: ./login, args: [1, true], env: [{name: A, value: b}]}}}
- {name: q, user: {exec: {command: aws}}}
contexts:
- {name: a, context: {cluster: c, user: u}}
- {name: b, context: {cluster: c, user: p}}
- {name: d, context: {cluster: c, user: q}}`,
    );
    const { contexts } = find({ KUBECONFIG: 'deep/config' }, { cwd: home.path });
    const [a, b, d] = contexts;
    assert.equal(a?.cluster.caFile, join(home.path, 'deep/ca.pem'));
    assert.deepEqual(
      [a.user.certFile, a.user.keyFile, a.user.tokenFile],
      [join(home.path, 'me.pem'), '/k.pem', join(home.path, 'deep/t')],
    );
    assert.equal(b?.user.plugin?.command, join(home.path, 'deep/login'));
    assert.deepEqual(b.user.plugin.args, ['1', 'true']);
    assert.deepEqual(b.user.plugin.env, { A: 'b' });
    assert.equal(b.env['HOME'], home.path, 'a plugin has all of the environment');
    assert.equal(a.env['HOME'], undefined, 'nobody else has');
    assert.equal(d?.user.plugin?.command, 'aws');
  });

  const broken: [string, string, RegExp, number | undefined][] = [
    ['no YAML', 'a: [', /It is no YAML/, 1],
    ['a key twice', 'contexts: []\ncontexts: []', /Map keys must be unique/, 2],
    ['a list', '- a', /no kubeconfig/, 1],
    ['a text', 'hello', /no kubeconfig/, 1],
    ['contexts that are no list', 'contexts: {a: b}', /contexts is no list/, 1],
    ['a context without a name', 'contexts:\n- context: {}', /entry of contexts has no name/, 2],
    ['a name twice', `contexts:\n- {name: a}\n- {name: a}`, /second context a: line 2/, 3],
    ['an alias to nowhere', 'contexts: *x', /alias/i, 1],
  ];
  for (const [name, text, message, line] of broken) {
    it(`are told not to be read: ${name}`, async () => {
      const file = await put('.kube/config', text);
      const [problem] = find().problems;
      assert.match(problem?.message ?? '', message);
      assert.deepEqual([problem?.file, problem?.line], [file, line]);
    });
  }

  it('are those of the other files where one is broken', async () => {
    const files = [await put('bad', '{'), await put('good', one('a'))];
    const { contexts, problems } = find({ KUBECONFIG: files.join(delimiter) });
    assert.deepEqual([contexts.map(({ id }) => id), problems.map(({ file }) => file)], [['a'], [files[0]]]);
  });

  const invalid: [string, string, RegExp][] = [
    ['no cluster', 'contexts: [{name: a, context: {}}]', /names no cluster/],
    [
      'a cluster that is not there',
      'contexts: [{name: a, context: {cluster: c}}]',
      /cluster c, which is in no/,
    ],
    [
      'a user who is not there',
      'contexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "https://h"}}]',
      /user u, who is in no/,
    ],
    [
      'no address',
      'contexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: h}}]',
      /no address that can be used: h/,
    ],
    [
      'a provider of old',
      one('a').replace('token: t-a', 'auth-provider: {name: gcp}'),
      /provider gcp, which kubectl gave up/,
    ],
  ];
  for (const [name, text, message] of invalid) {
    it(`are listed with what keeps them from use: ${name}`, async () => {
      await put('.kube/config', text);
      assert.match(find().contexts[0]?.invalid?.message ?? '', message);
    });
  }

  it('may have numbers for names, and empty lists', async () => {
    await put('.kube/config', one('1e3').replaceAll('u-1e3', '007') + 'preferences:\nextensions: null');
    const [found] = find().contexts;
    assert.deepEqual([found?.name, found?.userName, found?.invalid], ['1e3', '007', undefined]);
    await put('.kube/config', 'contexts: null\nusers:\nclusters: []');
    assert.deepEqual(find().problems, []);
  });

  it('of extra files stand beside, also of the same name', async () => {
    await put('.kube/config', one('a', 'current-context: a'));
    const file = await put('more', one('a', 'current-context: a'));
    const config = { production: [], readOnly: [], kubeconfigs: ['~/more', '~/.kube/config'] };
    const { contexts, problems } = find({}, { config });
    assert.deepEqual(
      contexts.map(({ id, current }) => [id, current]),
      [
        ['a', true],
        [`a@${file}`, false],
      ],
    );
    assert.deepEqual(problems, []);
  });

  it('are protected by patterns; all of them where the patterns cannot be read', async () => {
    await put('.kube/config', one('prod-eu') + one('x').replaceAll(/^\w+:/gm, '#'));
    const config = {
      production: [NamePattern.parse('prod-*')],
      readOnly: [NamePattern.parse('dev')],
      kubeconfigs: [],
    };
    const [found] = find({}, { config }).contexts;
    assert.deepEqual([found?.production, found?.readOnly], [true, false]);
    const [guarded] = find({}, { isConfigBroken: true }).contexts;
    assert.deepEqual([guarded?.production, guarded?.readOnly], [true, true]);
  });

  it('are flagged where the certificate is not checked', async () => {
    await put('.kube/config', one('a').replace('6443"', '6443", insecure-skip-tls-verify: true'));
    assert.equal(find().contexts[0]?.insecure, true);
  });

  it('are read again only where a file has changed', async () => {
    const file = await put('.kube/config', one('a'));
    const reader = new KubeconfigReader();
    const long = new Date('2020-01-01');
    // When it was changed cannot be set back: until it is two seconds old it is always read.
    const first = await waitFor('it to be old', () => {
      const read = reader.read(file);
      return reader.read(file) === read && read;
    });
    await writeFile(file, one('b'));
    await utimes(file, long, long);
    assert.notEqual(reader.read(file), first);
    assert.deepEqual(
      reader.read(file).contexts.map(({ name }) => name),
      ['b'],
    );
    await rm(file);
    assert.equal(reader.read(file).found, 'not there');
  });

  it('are 300 in no time', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `c${index}`);
    const data = 'A'.repeat(2000);
    const list = (part: string, value: (name: string) => string): string =>
      `${part}s:\n${names.map(name => `- name: ${name}\n  ${part}: ${value(name)}\n`).join('')}`;
    const text =
      list('cluster', () => `{server: "https://h", certificate-authority-data: ${data}}`) +
      list('user', () => `{client-certificate-data: ${data}, client-key-data: ${data}}`) +
      list('context', name => `{cluster: ${name}, user: ${name}}`);
    await put('.kube/config', text);
    assert.equal(find().contexts.filter(({ invalid }) => invalid === undefined).length, 300);
  });
});
