import assert from 'node:assert/strict';
import { constants, gzipSync } from 'node:zlib';
import { listReleases, listRevisions, readRelease } from '../../../../agent/protocol/clusterHelm';
import { ClusterClient } from '../../../support/kubernetes/clusterClient';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { helmConfigMap, helmSecret, packed, someRelease } from '../../../support/kubernetes/helmRecord';
import { kubernetes } from '../../../support/kubernetes/programs';
import { needs } from '../../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../../support/scriptedAgent';

describe('releases of Helm', function () {
  this.timeout(240_000);
  before(needs(kubernetes));
  let cluster: Cluster;
  let agent: ScriptedAgent;
  let client: ClusterClient;
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster();
    agent = await startScriptedAgent();
    client = new ClusterClient(await agent.connect());
    await client.list({ KUBECONFIG: cluster.kubeconfig });
    for (const object of objects()) await cluster.apply(object);
  });
  after(async () => {
    client?.connection.dispose();
    await agent?.agent.closeAreas();
    await agent?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });

  const place = { context: 'test', namespace: 'default' };
  const ask = async (release: string, more: object = {}) =>
    (await client.connection.request(readRelease, { ...place, release, part: 'values', by: 'ana', ...more }))
      .text;

  it('are told by their last revision, what is wrong with them too', async () => {
    const { releases, problems } = await client.connection.request(listReleases, place);
    assert.deepEqual(problems, []);
    const words = releases.map(({ name, chart, revision, status, problem }) => {
      return [name, chart, revision, status, problem?.reason];
    });
    assert.deepEqual(words, [
      ['123', 'shop-1.4.2', 1, 'deployed', undefined],
      ['bomb', undefined, 1, 'deployed', 'Unreadable'],
      ['by-map', 'shop-1.4.2', 1, 'deployed', undefined],
      ['stuck', 'shop-1.4.2', 1, 'pending-install', 'pending-install'],
      ['web', 'shop-1.5.0', 10, 'failed', 'Failed'],
    ]);
    const web = releases.find(({ name }) => name === 'web');
    assert.equal(web?.problem?.message, 'timed out waiting for the condition');
    assert.equal(web.updatedAt, Date.UTC(2026, 0, 2));
  });

  it('have a history, the newest first', async () => {
    const { revisions } = await client.connection.request(listRevisions, { ...place, release: 'web' });
    assert.deepEqual(
      revisions.map(({ revision, status }) => [revision, status]),
      [
        [10, 'failed'],
        [9, 'deployed'],
      ],
    );
  });

  it('are read, each revision, without what is secret unless that is asked for', async () => {
    assert.match(await ask('web', { part: 'notes', revision: 9 }), /^Log in as ana with \*\*\*\./);
    assert.match(await ask('by-map'), /password: "\*\*\*"/);
    assert.match(await ask('web', { revision: 9, reveal: true }), /password: pässword-one/);
    const [noted] = agent.agent.engine().store.audit.list({ limit: 1 });
    assert.partialDeepStrictEqual(noted, {
      ...{ action: 'object.reveal', actor: 'ana', subject: 'releases/default/web' },
    });
  });

  it('are not made up where there is none, or it cannot be read', async () => {
    await assert.rejects(ask('nothing'), /There is no release nothing in default/);
    await assert.rejects(ask('web', { revision: 3 }), /There is no release revision 3 of web in default/);
    await assert.rejects(ask('bomb'), /unpacks to more than 32 MiB/);
  });

  it('are told as far as this user may see them, with the missing verb', async () => {
    const asked = { context: 'viewer', namespace: 'default' };
    await assert.rejects(client.connection.request(listReleases, asked), /viewer.*list/);
    await cluster.kubectl('create', 'role', 'maps', '--verb=get,list', '--resource=configmaps');
    await cluster.kubectl('create', 'rolebinding', 'maps', '--role=maps', '--user=viewer');
    const { releases, problems } = await client.connection.request(listReleases, asked);
    assert.deepEqual(
      releases.map(({ name }) => name),
      ['by-map'],
    );
    assert.match(problems.join(), /list.*secrets/);
  });
});

function objects(): object[] {
  const superseded = someRelease({ version: 9 });
  const failed = someRelease({
    version: 10,
    info: {
      ...{ last_deployed: '2026-01-02T00:00:00Z', status: 'failed' },
      description: 'timed out waiting for the condition',
    },
    chart: { metadata: { name: 'shop', version: '1.5.0' } },
  });
  const stuck = someRelease({ name: 'stuck', info: { status: 'pending-install' } });
  const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20, ' '), { level: constants.Z_BEST_COMPRESSION });
  return [
    ...[superseded, failed, stuck, someRelease({ name: '123' })].map(release =>
      helmSecret(release, packed(release)),
    ),
    helmSecret(someRelease({ name: 'bomb' }), bomb.toString('base64')),
    helmConfigMap(someRelease({ name: 'by-map' })),
    {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'other', namespace: 'default' } },
      stringData: { a: 'b' },
    },
  ];
}
