import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificate } from '../../../support/certificate';
import { startServer } from '../../../support/loopbackServer';
import type { Started } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { answerAsVault } from '../../../support/vaultAnswers';
import { fetchOne, refuses } from '../secretsOf';

const token = 'hvs.token-of-the-test';
const content = {
  db: [
    { password: 'the first one' },
    'deleted',
    'destroyed',
    { password: 'correct horse', port: 54321, list: [1], none: null },
  ],
  'shop/a b': [{ key: 'with a blank' }],
  gone: [{ key: 'value' }, 'deleted'],
} as const;

describe('a secret from Vault', () => {
  const used = new AsyncDisposableStack();
  let vault: Started;
  let folder: string;
  before(async () => {
    folder = used.use(await temporaryFolder('hr-vault')).path;
    vault = used.use(await startServer(answerAsVault(content, token)));
    await writeFile(join(folder, '.vault-token'), `${token}\n`);
  });
  after(() => used.disposeAsync());
  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    VAULT_ADDR: vault.address,
    VAULT_TOKEN: token,
    ...more,
  });

  const check = (place: string, expected: string): unknown =>
    it(place, async () => assert.equal(await fetchOne(`vault:${place}`, { env: env() }), expected));
  check('secret/db#password', 'correct horse');
  check('secret/data/db#password', 'correct horse');
  check('secret/db?version=1#password', 'the first one');
  check('secret/db#port', '54321');
  check('secret/shop/a b#key', 'with a blank');

  it('takes the token that `vault login` keeps', async () => {
    const kept = { VAULT_ADDR: `${vault.address}/`, HOME: folder };
    assert.equal(await fetchOne('vault:secret/db#password', { env: kept }), 'correct horse');
  });

  it('asks in the namespace', async () => {
    await using other = await startServer(answerAsVault(content, token, 'team/a'));
    const inside = { VAULT_ADDR: other.address, VAULT_TOKEN: token, VAULT_NAMESPACE: 'team/a' };
    assert.equal(await fetchOne('vault:secret/db#password', { env: inside }), 'correct horse');
  });

  const wrong = (place: string, more: Record<string, string>, reason: string, words: RegExp): unknown =>
    it(`refuses ${place} ${JSON.stringify(more)}`, () =>
      refuses(`vault:${place}`, { env: env(more) }, reason, words, [token, 'correct horse']));
  wrong(
    'secret/db#nope',
    {},
    'missing',
    /secret\/db has no key nope; it has password, port, list, none\. Correct/,
  );
  wrong('secret/db#none', {}, 'missing', /has no key none/);
  wrong('secret/db#list', {}, 'failed', /key list of secret\/db is no text but a structure/);
  wrong('secret/nope#x', {}, 'missing', /nothing at secret\/nope \(404\).*\. Look with `vault kv list`/);
  wrong(
    'secret/gone#key',
    {},
    'missing',
    /this version of secret\/gone was deleted at 2026-02-03T04:05:06Z\. Name another/,
  );
  wrong('secret/db?version=3#password', {}, 'missing', /was destroyed/);
  wrong(
    'secret/db#password',
    { VAULT_TOKEN: 'hvs.wrong' },
    'refused',
    /Vault refuses it \(403\): the token may not read secret\/data\/db.*vault login/,
  );
  wrong(
    'secret/db#password',
    { VAULT_TOKEN: '', HOME: '/nonexistent' },
    'missing',
    /there is no token: VAULT_TOKEN is not set and .*\. Log in with `vault login`/,
  );
  wrong('secret/db#password', { VAULT_ADDR: '' }, 'misconfigured', /VAULT_ADDR is not set/);
  wrong(
    'secret/db#password',
    { VAULT_ADDR: 'vault.example.com' },
    'misconfigured',
    /VAULT_ADDR is no address/,
  );
  wrong(
    'secret/db#password',
    { VAULT_ADDR: 'http://127.0.0.1:9' },
    'unreachable',
    /127\.0\.0\.1:9 refuses connections/,
  );
  wrong(
    'secret/db#password',
    { VAULT_CACERT: '/nonexistent/ca' },
    'misconfigured',
    /VAULT_CACERT names \/nonexistent\/ca, which cannot be read/,
  );
  wrong('secret', {}, 'misconfigured', /it does not name a secret and a key/);

  it('follows a redirect to itself only, and gives nobody else the token', async () => {
    const seen: unknown[] = [];
    await using other = await startServer((request, response) => {
      seen.push(request.headers);
      response.end('{}');
    });
    let hops = 0;
    await using standby = await startServer((request, response) => {
      const away = request.url!.includes('away');
      if (away || hops++ === 0)
        response.writeHead(307, { Location: away ? `${other.address}/v1/x` : request.url }).end();
      else answerAsVault(content, token)(request, response);
    });
    const world = { env: env({ VAULT_ADDR: standby.address }) };
    assert.equal(await fetchOne('vault:secret/db#password', world), 'correct horse');
    await refuses(
      'vault:secret/away#password',
      world,
      'refused',
      /redirects to http:\/\/127.*, which is not given the token\. Set VAULT_ADDR/,
    );
    assert.deepEqual(seen, []);
  });

  it('ends with a redirect that never ends', async () => {
    await using round = await startServer(
      (request, response) => void response.writeHead(307, { Location: request.url }).end(),
    );
    await refuses(
      'vault:secret/db#password',
      { env: env({ VAULT_ADDR: round.address }) },
      'refused',
      /redirects again and again/,
    );
  });

  const answers = (what: string, status: number, body: string, reason: string, words: RegExp): unknown =>
    it(`words ${what}`, async () => {
      await using server = await startServer((_, response) => void response.writeHead(status).end(body));
      await refuses('vault:secret/db#password', { env: env({ VAULT_ADDR: server.address }) }, reason, words, [
        'correct horse',
      ]);
    });
  answers(
    'a sealed one',
    503,
    '{"errors":["Vault is sealed"]}',
    'unreachable',
    /is sealed or not ready \(503\)\. Have it unsealed/,
  );
  answers('a broken one', 500, 'oops', 'failed', /answered 500/);
  answers('what is no JSON', 200, '<html>', 'failed', /is no secret of a KV engine of version 2/);
  answers('version 1', 200, '{"data":{"password":"correct horse"}}', 'failed', /version 1 is not read/);
  answers('a flood', 200, 'x'.repeat(3_000_000), 'tooLong', /is longer than 2 MiB/);

  it('gives up a Vault that hangs', async () => {
    await using silent = await startServer(() => undefined);
    const world = { env: env({ VAULT_ADDR: silent.address }), deadline: 200 };
    await refuses('vault:secret/db#password', world, 'deadline', /no answer within 0\.2 s/);
  });

  it('words a connection that breaks', async () => {
    await using rude = await startServer(request => request.socket.destroy());
    await refuses(
      'vault:secret/db#password',
      { env: env({ VAULT_ADDR: rude.address }) },
      'unreachable',
      /gave no answer \(ECONNRESET\)/,
    );
  });

  it('trusts the CA that it is told of, and no other', async () => {
    const certificate = await makeCertificate(folder);
    await using secure = await startServer(answerAsVault(content, token), certificate);
    const world = { env: env({ VAULT_ADDR: secure.address }) };
    await refuses(
      'vault:secret/db#password',
      world,
      'unreachable',
      /the certificate of 127.*is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. /,
    );
    const told = { env: { ...world.env, VAULT_CACERT: certificate.path } };
    assert.equal(await fetchOne('vault:secret/db#password', told), 'correct horse');
    const plain = { env: env({ VAULT_ADDR: vault.address.replace('http:', 'https:') }) };
    await refuses('vault:secret/db#password', plain, 'unreachable', /does not speak https/);
  });
});
