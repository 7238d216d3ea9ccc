import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tlsFilesIn } from '../../../../agent/containers/endpoints/dockerFiles';
import type { FoundEndpoint } from '../../../../agent/containers/endpoints/foundEndpoint';
import { EngineConnection } from '../../../../agent/containers/engine/connection';
import { EngineUnusable } from '../../../../agent/containers/engine/trouble';
import type { EndpointTrouble } from '../../../../agent/protocol/endpoints';
import { dockerd } from '../../../support/engine/dockerd';
import { podman, startPodman } from '../../../support/engine/podman';
import { sshd, startSshHost } from '../../../support/engine/sshHost';
import { startTlsDocker, type TlsDocker } from '../../../support/engine/tlsDocker';
import { freePort } from '../../../support/freePort';
import { needs } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { endpointAt, WatchedEngine } from '../live/watchedEngine';

const image = 'localhost/busybox:1';

/** Tries to connect and tells what hinders that. */
async function troubleAt(
  endpoint: FoundEndpoint,
): Promise<{ trouble: EndpointTrouble; message: string; hint: string }> {
  const connection = new EngineConnection(endpoint);
  try {
    await connection.use(docker => docker.version());
  } catch (error) {
    assert.ok(error instanceof EngineUnusable, String(error));
    const { trouble, message, hint = '' } = error.trouble;
    return { trouble, message, hint };
  } finally {
    connection.close();
  }
  throw new Error('It could be connected');
}

describe('ways to a container engine', function () {
  this.timeout(120_000);
  before(needs(dockerd));
  let engine: TlsDocker;
  before(async function () {
    this.timeout(300_000);
    engine = await startTlsDocker();
    await engine.load('busybox');
  });
  after(() => engine[Symbol.asyncDispose]());

  it('lead over TLS, with certificates that are checked', async () => {
    const tls = tlsFilesIn(engine.tls.certificates, true)!;
    using seen = new WatchedEngine(endpointAt(engine.tls.address, { tls }));
    await seen.is('connected');
    await engine.docker('create', '--name', 'secured', image);
    await waitFor('it', () => seen.container('secured'));
    await engine.docker('rm', 'secured');
  });

  it('tell what is wrong with certificates', async () => {
    const { address, certificates, foreign } = engine.tls;
    const own = tlsFilesIn(certificates, true)!;
    const other = tlsFilesIn(foreign, true)!;
    for (const tls of [{ verify: true }, { ...other, ca: own.ca! }, { ...own, ca: other.ca! }]) {
      const { trouble, message } = await troubleAt(endpointAt(address, { tls }));
      assert.equal(trouble, 'tls', message);
    }
    const plain = await troubleAt(endpointAt(address));
    assert.equal(plain.trouble, 'tls', plain.message);
    assert.match(plain.hint, /DOCKER_TLS_VERIFY/);
    const missing = { ...own, cert: '/no/cert.pem' };
    assert.equal((await troubleAt(endpointAt(address, { tls: missing }))).trouble, 'invalid');
  });

  it('tell what is wrong with an address', async () => {
    const cases: readonly (readonly [address: string, trouble: EndpointTrouble, hint: RegExp])[] = [
      ['unix:///no/such.sock', 'notThere', /systemctl start docker/],
      [`tcp://127.0.0.1:${await freePort()}`, 'refused', /^$/],
      ['tcp://no-such-host.invalid:2375', 'notThere', /^$/],
      ['carrier-pigeon://x', 'invalid', /^$/],
      ['unix://relative', 'invalid', /^$/],
      ['ssh://-oProxyCommand=x', 'invalid', /^$/],
    ];
    for (const [address, trouble, hint] of cases) {
      const found = await troubleAt(endpointAt(address));
      assert.equal(found.trouble, trouble, `${address}: ${found.message}`);
      assert.match(found.hint, hint);
    }
  });

  it('tell who may not open a socket how to get the right', async function () {
    if (process.getuid?.() !== 0) return this.skip();
    await chmod(engine.folder, 0o755);
    await chmod(engine.socket, 0o660);
    const file = join(import.meta.dirname, '../../../../agent/containers/engine/connection.ts');
    const script = `
      const { EngineConnection } = require(${JSON.stringify(file)});
      process.setgid(65534); process.setgroups([]); process.setuid(65534);
      new EngineConnection(${JSON.stringify(endpointAt(engine.address))}).connect()
        .catch(error => console.log(JSON.stringify(error.trouble)));`;
    const args = ['--import', 'tsx', '--input-type=commonjs', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { trouble, hint, message } = JSON.parse(stdout) as {
      trouble: string;
      hint: string;
      message: string;
    };
    assert.equal(trouble, 'noPermission');
    assert.match(hint, /usermod -aG docker \$USER/);
    assert.match(message, /may not be opened by \w+/);
  });

  it('lead over SSH, without asking anything', async function () {
    await needs(sshd).call(this);
    const host = await startSshHost(engine);
    using seen = new WatchedEngine(endpointAt(host.address, { env: { ...host.env, HOME: engine.folder } }));
    await seen.is('connected');
    await engine.docker('run', '-d', '--name', 'far', image, 'sleep', '1000');
    const far = await waitFor('it', () => seen.container('far'));
    const found = await seen.connection.use(docker => docker.getContainer(far.id).inspect());
    assert.equal(found.Name, '/far');
    await engine.docker('rm', '-f', 'far');
    await waitFor('its end', () => seen.container('far') === undefined);
    // Without the key that the host knows.
    const stranger = join(engine.folder, 'stranger');
    await mkdir(join(stranger, 'bin'), { recursive: true });
    const ssh = `#!/bin/sh\nexec /usr/bin/ssh -F /dev/null -o UserKnownHostsFile=${host.knownHosts} "$@"\n`;
    await writeFile(join(stranger, 'bin', 'ssh'), ssh, { mode: 0o755 });
    const env = { PATH: `${join(stranger, 'bin')}:/usr/bin:/bin`, HOME: stranger };
    const refused = await troubleAt(endpointAt(host.address, { env }));
    assert.equal(refused.trouble, 'login', refused.message);
    assert.match(refused.hint, /ssh 127|ssh \w+@127/);
    await host.stop();
    const gone = await troubleAt(endpointAt(host.address, { env: { ...host.env, HOME: engine.folder } }));
    assert.equal(gone.trouble, 'refused', gone.message);
  });

  it('lead to Podman, which is recognised', async function () {
    await needs(podman).call(this);
    await using other = await startPodman();
    await other.load('busybox');
    using seen = new WatchedEngine(endpointAt(other.address));
    await seen.is('connected');
    assert.ok(seen.state.kind === 'connected' && seen.state.engine === 'podman', JSON.stringify(seen.state));
    await other.docker('run', '-d', '--name', 'web', '-v', 'data:/data', image, 'sleep', '1000');
    await waitFor('it', () => seen.container('web')?.state === 'running');
    await waitFor(
      'its volume',
      () => seen.all('volume').find(({ id }) => id === 'data')?.usedBy.length === 1,
    );
    await waitFor('its image', () => seen.all('image').some(({ usedBy }) => usedBy.length === 1));
    await other.docker('pause', 'web');
    await waitFor('its pause', () => seen.container('web')?.state === 'paused');
    await other.docker('unpause', 'web');
    await other.docker('rm', '-f', 'web');
    await waitFor('its end', () => seen.container('web') === undefined);
    await other.restart();
    await waitFor(
      'the loss',
      () => seen.states.filter(({ kind }) => kind === 'connected').length > 1,
      30_000,
    );
    assert.deepEqual(seen.bugs, []);
  });

  describe('to engines of other times', () => {
    let server: Server | undefined;
    afterEach(() => server?.close());

    const cases: readonly (readonly [string, string, string, RegExp])[] = [
      ['1.12', '1.12', 'older', /Update the engine/],
      ['1.99', '1.90', 'newer', /Update Handrail/],
    ];
    for (const [most, least, comparison, hint] of cases) {
      it(`tell of one that is ${comparison}`, async () => {
        await using folder = await temporaryFolder('handrail-old');
        const path = join(folder.path, 'docker.sock');
        server = createServer((request, response) => {
          response.setHeader('Api-Version', most);
          if (request.url === '/_ping') return response.end('OK');
          const message = `client version 1.51 is too old. Minimum supported API version is ${least}, please upgrade`;
          response.statusCode = 400;
          return response.end(JSON.stringify({ message }));
        }).listen(path);
        await waitFor('it to listen', () => server?.listening);
        const found = await troubleAt(endpointAt(`unix://${path}`));
        assert.equal(found.trouble, 'version');
        assert.match(found.message, new RegExp(comparison));
        assert.match(found.hint, hint);
      });
    }
  });
});
