import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, makeCertificate } from '../../../support/certificate';
import { sendJson, startServer } from '../../../support/loopbackServer';
import { processesWith } from '../../../support/processesWith';
import type { Started } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { fetchOne, refuses } from '../secretsOf';

const token = 'token-of-the-test';
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const data = {
  password: base64('correct horse'),
  'tls.key': base64('-----BEGIN\nkey\n'),
  blob: base64(Buffer.from([255, 254, 0, 1])),
};

/** What an API server answers to reads of Secrets. */
function answer(path: string, authorization: string | undefined): [number, unknown] {
  const failure = (code: number, reason: string): [number, unknown] => [
    code,
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code },
  ];
  if (authorization !== `Bearer ${token}`) return failure(401, 'Unauthorized');
  if (path.includes('/kube-system/')) return failure(403, 'Forbidden');
  if (path === '/api/v1/namespaces/shop/secrets/empty')
    return [200, { kind: 'Secret', metadata: { name: 'empty' } }];
  if (path !== '/api/v1/namespaces/shop/secrets/db') return failure(404, 'NotFound');
  return [
    200,
    { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'db', namespace: 'shop' }, type: 'Opaque', data },
  ];
}

describe('a secret from Kubernetes', () => {
  const used = new AsyncDisposableStack();
  let server: Started;
  let certificate: Certificate;
  let folder: string;
  let config: string;
  before(async () => {
    folder = used.use(await temporaryFolder('hr-k8s')).path;
    certificate = await makeCertificate(folder);
    server = used.use(
      await startServer((request, response) => {
        const [status, body] = answer(request.url!, request.headers.authorization);
        sendJson(response, status, body);
      }, certificate),
    );
    config = await kubeconfig('config', { token });
  });
  after(() => used.disposeAsync());

  /** JSON is YAML. */
  async function kubeconfig(
    name: string,
    user: unknown,
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const path = join(folder, name);
    const contexts = ['arn:aws:eks:eu:1:cluster/prod', 'dev'];
    const text = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'dev',
      clusters: [
        {
          name: 'c',
          cluster: {
            server: server.address,
            'certificate-authority-data': base64(certificate.cert),
            ...more,
          },
        },
      ],
      users: [{ name: 'u', user }],
      contexts: contexts.map(context => ({ name: context, context: { cluster: 'c', user: 'u' } })),
    };
    await writeFile(path, JSON.stringify(text));
    return path;
  }

  const check = (place: string, expected: string): unknown =>
    it(place, async () =>
      assert.equal(await fetchOne(`k8s:${place}`, { env: { KUBECONFIG: config } }), expected),
    );
  check('shop/db#password', 'correct horse');
  check('dev/shop/db#tls.key', '-----BEGIN\nkey\n');
  check('arn:aws:eks:eu:1:cluster/prod/shop/db#password', 'correct horse');

  it('takes the first of several files', async () => {
    const other = await kubeconfig('other', { token: 'wrong' });
    const KUBECONFIG = `${join(folder, 'none')}:${config}:${other}`;
    assert.equal(await fetchOne('k8s:shop/db#password', { env: { KUBECONFIG } }), 'correct horse');
  });

  const wrong = (place: string, env: Record<string, string>, reason: string, words: RegExp): unknown =>
    it(`refuses ${place} ${JSON.stringify(env)}`, () =>
      refuses(`k8s:${place}`, { env: { KUBECONFIG: config, ...env } }, reason, words, [
        token,
        'correct horse',
      ]));
  wrong('shop/db#nope', {}, 'missing', /Secret shop\/db has no key nope; it has password, tls\.key, blob/);
  wrong('shop/empty#x', {}, 'missing', /has no key x; it has none/);
  wrong('shop/db#blob', {}, 'binary', /NUL byte/);
  wrong(
    'shop/nope#x',
    {},
    'missing',
    /there is no Secret shop\/nope on dev \(404\)\. Look with `kubectl get secrets -n shop`/,
  );
  wrong('kube-system/db#x', {}, 'refused', /may not read Secret kube-system\/db on dev \(403\)\. Ask for it/);
  wrong(
    'nope/shop/db#x',
    {},
    'misconfigured',
    /there is no context nope in the kubeconfig; it has arn:aws:eks:eu:1:cluster\/prod, dev/,
  );
  wrong('db#x', {}, 'misconfigured', /it does not name a Secret and a key/);
  wrong('shop/db#x', { KUBECONFIG: '/nonexistent' }, 'missing', /there is no kubeconfig: \/nonexistent/);
  wrong(
    'shop/db#x',
    { KUBECONFIG: '', HOME: '/nonexistent' },
    'missing',
    /there is no kubeconfig: \/nonexistent\/\.kube\/config/,
  );

  const wrongConfig = (what: string, make: () => Promise<string>, reason: string, words: RegExp): unknown =>
    it(`words ${what}`, async () =>
      refuses('k8s:shop/db#password', { env: { KUBECONFIG: await make() } }, reason, words, [token]));
  wrongConfig(
    'a login that is not accepted',
    () => kubeconfig('bad', { token: 'wrong' }),
    'refused',
    /dev does not accept the login \(401\)/,
  );
  wrongConfig(
    'an unknown CA',
    () => kubeconfig('noca', { token }, { 'certificate-authority-data': undefined }),
    'unreachable',
    /certificate of .* is not trusted/,
  );
  wrongConfig(
    'no server',
    () => kubeconfig('off', { token }, { server: 'https://127.0.0.1:9' }),
    'unreachable',
    /refuses connections/,
  );
  wrongConfig(
    'a broken kubeconfig',
    async () => (await writeFile(join(folder, 'broken'), 'clusters: {{'), join(folder, 'broken')),
    'misconfigured',
    /kubeconfig .*broken cannot be read/,
  );
  wrongConfig(
    'a login file that is gone',
    () => kubeconfig('gone', { 'client-certificate': '/nonexistent', 'client-key': '/nonexistent' }),
    'misconfigured',
    /login of the kubeconfig cannot be used/,
  );

  describe('that a program logs in to', () => {
    const apiVersion = 'client.authentication.k8s.io/v1';
    const exec = (script: string): unknown => ({
      exec: { apiVersion, command: 'sh', args: ['-c', script], env: [{ name: 'GREETING', value: 'hi' }] },
    });
    const env = (KUBECONFIG: string): Record<string, string> => ({
      KUBECONFIG,
      HR_K8S_TEST: folder,
      LOGIN: token,
    });

    it('in the environment of the client', async () => {
      const path = await kubeconfig(
        'exec',
        exec(
          `[ "$GREETING" = hi ] && [ -n "$KUBERNETES_EXEC_INFO" ] && echo '{"status":{"token":"'"$LOGIN"'"}}'`,
        ),
      );
      assert.equal(await fetchOne('k8s:shop/db#password', { env: env(path) }), 'correct horse');
    });

    it('which fails', async () => {
      const path = await kubeconfig('exec-fails', exec('echo session expired >&2; exit 1'));
      await refuses(
        'k8s:shop/db#password',
        { env: env(path) },
        'failed',
        /sh ended with exit code 1: session expired/,
      );
    });

    it('which prints something else', async () => {
      const path = await kubeconfig('exec-odd', exec('echo hello'));
      await refuses(
        'k8s:shop/db#password',
        { env: env(path) },
        'refused',
        /sh, with which the kubeconfig logs in, did not print a credential/,
      );
    });

    it('which hangs', async () => {
      const path = await kubeconfig('exec-hangs', exec('sleep 600'));
      await refuses(
        'k8s:shop/db#password',
        { env: env(path), deadline: 500 },
        'deadline',
        /no answer within 0\.5 s/,
      );
      await waitFor('its end', async () => (await processesWith('HR_K8S_TEST', folder)).length === 0);
    });
  });
});
