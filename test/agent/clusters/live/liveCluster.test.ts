import assert from 'node:assert/strict';
import { LiveCluster } from '../../../../agent/clusters/live/liveCluster';
import type { TableNews } from '../../../../agent/clusters/reflector/reflector';
import type { ContextState } from '../../../../agent/protocol/contexts';
import { waitFor } from '../../../support/waitFor';
import { type FakeApi, startFakeApi } from '../reflector/fakeApi';
import { someContext } from '../someContext';

describe('a cluster that is watched', function () {
  this.timeout(60_000);
  let fake: FakeApi;
  let cluster: LiveCluster;
  let states: ContextState[];
  beforeEach(async () => {
    fake = await startFakeApi();
    states = [];
    cluster = new LiveCluster(someContext(fake.address), error => assert.fail(error as Error), 100);
  });
  afterEach(async () => {
    cluster.close();
    await fake[Symbol.asyncDispose]();
  });
  const watch = () => cluster.watch({ state: state => void states.push(state), kinds: () => undefined });
  const watchesOf = (plural: string) => fake.watches.filter(({ url }) => url.pathname.endsWith(plural));
  const table = (news: TableNews[] = []) => cluster.watchTable('pods', 'x', each => void news.push(each));
  const last = (news: readonly TableNews[]) => news.flatMap(({ state }) => state ?? []).at(-1);

  it('is one watch for all who look at the same table, who are told all', async () => {
    const [a, b]: TableNews[][] = [[], []];
    const end = table(a);
    await waitFor('the first to be told', () => last(a ?? [])?.kind === 'live', 30_000);
    table(b);
    assert.equal(last(b ?? [])?.kind, 'live');
    assert.deepEqual(
      b?.flatMap(({ rows = [] }) => rows.map(({ name }) => name)),
      ['a', 'b'],
    );
    end();
    await waitFor('the watch', () => watchesOf('pods').length === 1, 30_000);
    assert.equal(watchesOf('pods')[0]?.response.destroyed, false);
  });

  it('is let go a while after nobody watches', async () => {
    const [end, endTable] = [watch(), table()];
    await waitFor('it to be connected', () => cluster.state.kind === 'connected', 30_000);
    const [watched] = await waitFor(
      'the watch',
      () => watchesOf('pods').length > 0 && watchesOf('pods'),
      30_000,
    );
    end();
    endTable();
    await waitFor('it to be idle', () => cluster.state.kind === 'idle', 30_000);
    await waitFor('the watch to end', () => watched?.response.destroyed, 30_000);
    const asked = fake.lists.length + fake.watches.length + fake.versions.length;
    watch();
    await waitFor('it to be connected', () => cluster.state.kind === 'connected', 30_000);
    assert.ok(fake.lists.length + fake.watches.length + fake.versions.length > asked);
  });

  it('stays where somebody comes back in time', async () => {
    const end = table();
    await waitFor('the watch', () => watchesOf('pods').length === 1, 30_000);
    end();
    const news: TableNews[] = [];
    table(news);
    assert.equal(last(news)?.kind, 'live');
    assert.equal(watchesOf('pods').length, 1);
  });

  it('says what is wrong with its description, and asks nobody', async () => {
    const invalid = { message: 'names no cluster' };
    const wrong = new LiveCluster(someContext(fake.address, {}, { invalid }), error =>
      assert.fail(error as Error),
    );
    wrong.watch({ state: state => void states.push(state), kinds: () => undefined });
    const state = await waitFor('it to fail', () => wrong.state.kind === 'failed' && wrong.state, 30_000);
    assert.deepEqual(
      [state.trouble, state.message, state.retryAt],
      ['invalid', 'names no cluster', undefined],
    );
    assert.deepEqual(fake.versions, []);
    wrong.close();
  });

  it('is told to hang by its tables, is tried again, and so are they', async () => {
    const news: TableNews[] = [];
    watch();
    table(news);
    await waitFor('it to be connected', () => cluster.state.kind === 'connected', 30_000);
    await waitFor('the watch', () => watchesOf('pods').length === 1, 30_000);
    const { versions } = fake;
    const before = versions.length;
    watchesOf('pods')[0]?.response.destroy();
    await waitFor('the cluster to be asked', () => versions.length > before, 30_000);
    await waitFor('the watch again', () => watchesOf('pods').length === 2, 30_000);
    assert.equal(cluster.state.kind, 'connected');
    assert.deepEqual(
      news.flatMap(({ state }) => state?.kind ?? []),
      ['loading', 'live'],
    );
  });
});
