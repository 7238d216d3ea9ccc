import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { registryLogin, registryOf } from '../../../../agent/containers/registry/registryLogin';
import { temporaryFolder } from '../../../support/temporaryFolder';

const hub = 'https://index.docker.io/v1/';
const auth = Buffer.from('ana:a:b').toString('base64');
const known = { username: 'ana', password: 'a:b' };

describe('the login at a registry', () => {
  const registries: readonly (readonly [reference: string, registry: string])[] = [
    ['alpine', hub],
    ['alpine:3', hub],
    ['library/alpine', hub],
    ['docker.io/library/alpine', hub],
    ['localhost/busybox:1', 'localhost'],
    ['localhost:5000/a', 'localhost:5000'],
    ['ghcr.io/ana/shop@sha256:00', 'ghcr.io'],
  ];
  for (const [reference, registry] of registries)
    it(`of ${reference} is that of ${registry}`, () => assert.equal(registryOf(reference), registry));

  const logins: readonly (readonly [config: object, reference: string, expected: object | undefined])[] = [
    [{}, 'alpine', undefined],
    [{ auths: { [hub]: { auth } } }, 'alpine', { serveraddress: hub, ...known }],
    [{ auths: { 'index.docker.io': { auth } } }, 'ana/shop', { serveraddress: hub, ...known }],
    [{ auths: { 'https://r.io/v1/': { auth } } }, 'r.io/a', { serveraddress: 'r.io', ...known }],
    [{ auths: { 'r.io': { auth } } }, 'r.io:5000/a', undefined],
    [{ auths: { 'r.io': {} } }, 'r.io/a', undefined],
    [{ auths: { 'r.io': { identitytoken: 't' } } }, 'r.io/a', { serveraddress: 'r.io', identitytoken: 't' }],
  ];
  for (const [config, reference, expected] of logins)
    it(`for ${reference} is told by ${JSON.stringify(config)}`, async () => {
      assert.deepEqual(await asked(JSON.stringify(config), reference), expected);
    });

  it('is nobody’s where there is no file, and what is wrong with one is said', async () => {
    await using folder = await temporaryFolder('handrail-login');
    assert.equal(await registryLogin('alpine', { DOCKER_CONFIG: folder.path }), undefined);
    await assert.rejects(
      asked('{', 'alpine'),
      /config\.json cannot be used to log in: It is no JSON: line 1/,
    );
    await assert.rejects(asked('{"credsStore":"../x"}', 'alpine'), /is no name of a program/);
  });

  async function asked(config: string, reference: string) {
    await using folder = await temporaryFolder('handrail-login');
    await writeFile(join(folder.path, 'config.json'), config);
    return await registryLogin(reference, { DOCKER_CONFIG: folder.path });
  }
});
