import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { findEndpoints, type Searcher } from '../../../../agent/containers/endpoints/findEndpoints';
import { WatchedPlaces } from '../../../../agent/watchedPlaces';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';

describe('finding container engines', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  const servers: Server[] = [];
  beforeEach(async () => (home = await temporaryFolder('handrail-endpoints')));
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close();
    await home[Symbol.asyncDispose]();
  });

  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(home.path, path)), { recursive: true });
    await writeFile(join(home.path, path), text);
  };
  const listen = async (path: string) => {
    await mkdir(dirname(join(home.path, path)), { recursive: true });
    const server = createServer().listen(join(home.path, path));
    await new Promise(resolve => server.once('listening', resolve));
    servers.push(server);
  };
  const folderOf = (name: string) => createHash('sha256').update(name).digest('hex');
  const context = (name: string, host: string, more: object = {}) =>
    put(
      `.docker/contexts/meta/${folderOf(name)}/meta.json`,
      JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: { Host: host, ...more } } }),
    );
  const find = (env: Record<string, string> = {}, more: Partial<Searcher> = {}) =>
    findEndpoints({
      env: { HOME: home.path, XDG_RUNTIME_DIR: join(home.path, 'run'), ...env },
      configured: {},
      uid: 1000,
      platform: 'linux',
      ...more,
    });
  /** Without what this machine itself may have. */
  const ids = (found: ReturnType<typeof find>) =>
    found.endpoints.map(({ id }) => id).filter(id => !/default$|^socket:\/run/.test(id));
  const current = (found: ReturnType<typeof find>) =>
    found.endpoints.filter(endpoint => endpoint.current).map(({ id }) => id);

  it('finds contexts, with their certificates and which one is current', async () => {
    await context('lab', 'tcp://10.0.0.3:2376');
    await context('build "1"', 'ssh://ana@build', { SkipTLSVerify: false });
    await put(`.docker/contexts/tls/${folderOf('lab')}/docker/ca.pem`, 'x');
    await put('.docker/config.json', JSON.stringify({ currentContext: 'lab', auths: {} }));
    const found = find();
    assert.deepEqual(ids(found), ['context:build "1"', 'context:lab']);
    assert.deepEqual(current(found), ['context:lab']);
    const lab = found.endpoints.find(({ name }) => name === 'lab');
    assert.equal(lab?.tls?.verify, true);
    assert.match(lab?.tls?.ca ?? '', /docker\/ca\.pem$/);
    assert.equal(lab?.tls?.key, undefined);
  });

  it('goes by the environment before the file, as docker does', async () => {
    await context('lab', 'tcp://10.0.0.3:2376');
    await context('other', 'tcp://10.0.0.4:2375');
    await put('.docker/config.json', '{"currentContext": "lab"}');
    assert.deepEqual(current(find({ DOCKER_CONTEXT: 'other' })), ['context:other']);
    const both = find({ DOCKER_CONTEXT: 'other', DOCKER_HOST: '10.0.0.9:2375' });
    assert.deepEqual(current(both), ['environment']);
    assert.equal(both.endpoints[0]?.address, 'tcp://10.0.0.9:2375');
    assert.equal(both.endpoints[0]?.tls, undefined);
    const secured = find({ DOCKER_HOST: 'tcp://a:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: home.path });
    assert.deepEqual(secured.endpoints[0]?.tls, { verify: true });
  });

  it('finds sockets that are there, once each, and tells where it looked', async () => {
    await listen('run/docker.sock');
    await listen('run/podman/podman.sock');
    const found = find({ DOCKER_HOST: `unix://${home.path}/run/../run/docker.sock` });
    assert.deepEqual(ids(found), ['environment', `socket:${home.path}/run/podman/podman.sock`]);
    const places = Object.fromEntries(found.looked.map(({ place, found: what }) => [place, what]));
    assert.equal(places[`${home.path}/run/docker.sock`], 'a socket');
    assert.equal(places[`${home.path}/.colima/default/docker.sock`], 'not there');
  });

  it('keeps a socket that has gone while somebody looks at it', () => {
    const id = `socket:${home.path}/run/docker.sock`;
    assert.deepEqual(ids(find()), []);
    assert.deepEqual(ids(find({}, { kept: new Set([id]) })), [id]);
  });

  it('takes engines from config.yaml', async () => {
    await put('certs/ca.pem', 'x');
    const configured = {
      lab: { address: 'tcp://lab:2376', certificates: '~/certs', verify: true },
      none: { address: 'tcp://none:2376', certificates: '/nowhere', verify: true },
      plain: { address: 'ssh://plain', certificates: undefined, verify: true },
    };
    const found = find({}, { configured });
    assert.deepEqual(ids(found), ['config:lab', 'config:none', 'config:plain']);
    assert.equal(found.endpoints[0]?.tls?.ca, join(home.path, 'certs/ca.pem'));
    assert.match(found.endpoints[1]?.invalid?.message ?? '', /no certificates in \/nowhere/);
  });

  it('tells what cannot be read, with file, line and what to do, and goes on', async () => {
    await context('good', 'tcp://good:2375');
    await put(`.docker/contexts/meta/${folderOf('bad')}/meta.json`, '{\n  "Name": "bad",\n  Endpoints: 1\n}');
    await put(`.docker/contexts/meta/x/meta.json`, '{"Name": 7}');
    await put('.docker/config.json', '{"currentContext": "bad"}');
    const { endpoints, problems } = find();
    const bad = endpoints.find(({ id }) => id === 'context:bad');
    assert.match(bad?.invalid?.message ?? '', /meta\.json: It is no JSON: line 3, column 3/);
    assert.equal(bad?.current, true);
    assert.ok(endpoints.some(({ id }) => id === 'context:good'));
    assert.deepEqual(problems.map(({ message }) => message).sort(), [
      'It is no JSON: line 3, column 3',
      'Name: Invalid input: expected string, received number',
    ]);
    await put('.docker/config.json', '{');
    assert.match(find().problems[0]?.file ?? '', /config\.json$/);
  });

  it('tells of a current context that is nowhere', () => {
    const { endpoints } = find({ DOCKER_CONTEXT: 'gone' });
    assert.match(endpoints[0]?.invalid?.message ?? '', /there is none of that name/);
  });

  it('leaves out contexts for Kubernetes alone', async () => {
    const text = JSON.stringify({ Name: 'k', Endpoints: { kubernetes: {} } });
    await put(`.docker/contexts/meta/${folderOf('k')}/meta.json`, text);
    assert.deepEqual(ids(find()), []);
  });

  it('sees files and sockets that come, change and go, also where their folders were not there', async () => {
    let fired = 0;
    const places = new WatchedPlaces(
      () => {
        fired += 1;
        places.watch(find().places);
      },
      error => assert.fail(error),
    );
    places.watch(find().places);
    const change = async (what: string, make: () => Promise<unknown>, is: () => boolean) => {
      const before = fired;
      await make();
      await waitFor(what, () => fired > before && is());
    };
    const has = (id: string) => () => ids(find()).includes(id);
    await change('a context', () => context('a', 'tcp://a:1'), has('context:a'));
    await change('another one', () => context('b', 'tcp://b:1'), has('context:b'));
    await change(
      'a changed one',
      () => context('b', 'tcp://c:1'),
      () => find().endpoints[1]?.address === 'tcp://c:1',
    );
    await change(
      'the current one',
      () => put('.docker/config.json', '{"currentContext":"b"}'),
      () => current(find())[0] === 'context:b',
    );
    await change('a socket', () => listen('run/docker.sock'), has(`socket:${home.path}/run/docker.sock`));
    await change(
      'all gone',
      () => rm(join(home.path, '.docker'), { recursive: true }),
      () => !has('context:a')(),
    );
    places.close();
  });
});
