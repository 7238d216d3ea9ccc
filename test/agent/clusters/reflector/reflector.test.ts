import assert from 'node:assert/strict';
import { ClusterApi } from '../../../../agent/clusters/api/clusterApi';
import { Reflector, type TableNews } from '../../../../agent/clusters/reflector/reflector';
import type { TableState } from '../../../../agent/protocol/clusters';
import { sendJson } from '../../../support/loopbackServer';
import { waitFor } from '../../../support/waitFor';
import { someContext } from '../someContext';
import { eventOf, type FakeApi, startFakeApi, statusOf } from './fakeApi';

describe('a reflector', function () {
  this.timeout(60_000);
  let fake: FakeApi;
  let api: ClusterApi;
  let reflector: Reflector | undefined;
  let news: TableNews[];
  let bugs: unknown[];
  let lost: number;
  beforeEach(async () => {
    fake = await startFakeApi();
    api = new ClusterApi(someContext(fake.address));
    [news, bugs, lost] = [[], [], 0];
  });
  afterEach(async () => {
    reflector?.close();
    api.close();
    await fake[Symbol.asyncDispose]();
    assert.deepEqual(bugs, []);
  });

  const start = (change: { isWatchable?: boolean; silence?: number } = {}) => {
    reflector = new Reflector({
      api,
      kind: 'things.x',
      path: '/apis/x/v1/things',
      pathOf: () => '/none',
      isWatchable: true,
      told: each => void news.push(each),
      lost: () => {
        lost += 1;
        return Promise.resolve();
      },
      report: error => void bugs.push(error),
      ...change,
    });
  };
  const names = (): string[] => (reflector?.known.rows ?? []).map(({ name }) => name).sort();
  const states = (): string[] => news.flatMap(({ state }) => (state === undefined ? [] : state.kind));
  const state = <K extends TableState['kind']>(kind: K) =>
    waitFor(
      `state ${kind}`,
      () => {
        const now = reflector?.known.state;
        return now?.kind === kind && (now as Extract<TableState, { kind: K }>);
      },
      30_000,
    );
  const shows = (...wanted: string[]) =>
    waitFor(`rows ${wanted.join()}`, () => names().join() === wanted.join(), 30_000);

  it('lists page by page, then watches from the version of the list', async () => {
    fake.names = Array.from({ length: 3000 }, (_, index) => `n${index}`);
    start();
    await state('live');
    assert.equal(names().length, 3000);
    assert.deepEqual(
      fake.lists.map(({ url }) => url.searchParams.get('limit')),
      ['500', '1000', '1000', '1000'],
    );
    const { url } = await fake.watch(1);
    assert.equal(url.searchParams.get('resourceVersion'), '10');
    assert.equal(url.searchParams.get('allowWatchBookmarks'), 'true');
    assert.equal(news.filter(({ complete }) => complete).length, 1);
  });

  it('takes what changes, in pieces cut anywhere', async () => {
    start();
    const { response } = await fake.watch(1);
    const text = eventOf('ADDED', 'ç', 11) + eventOf('DELETED', 'a', 12) + eventOf('MODIFIED', 'b', 13);
    for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
    await shows('b', 'ç');
  });

  it('watches again from the last version where the server ends it, and from the bookmark', async () => {
    start();
    const first = await fake.watch(1);
    first.response.end(eventOf('ADDED', 'c', 11) + eventOf('BOOKMARK', 'c', 25));
    const { url } = await fake.watch(2);
    assert.equal(url.searchParams.get('resourceVersion'), '25');
    assert.equal(fake.lists.length, 1);
    assert.deepEqual(states(), ['live']);
    await shows('a', 'b', 'c');
  });

  it('forgets the half of an object where a watch is cut, and asks for it again', async () => {
    start();
    const { response } = await fake.watch(1);
    response.write(eventOf('ADDED', 'c', 11) + eventOf('ADDED', 'd', 12).slice(0, 40));
    await shows('a', 'b', 'c');
    response.destroy();
    const again = await fake.watch(2);
    assert.equal(again.url.searchParams.get('resourceVersion'), '11');
    assert.equal(lost, 1);
    again.response.write(eventOf('ADDED', 'd', 12));
    await shows('a', 'b', 'c', 'd');
    assert.deepEqual(states(), ['live'], 'what is over soon is not told');
  });

  for (const [name, fail] of [
    [
      'an event',
      asked => asked.write(`${JSON.stringify({ type: 'ERROR', object: statusOf(410, 'Expired') })}\n`),
    ],
    ['the answer', asked => asked.destroy()],
  ] as [string, (asked: FakeApi['watches'][number]['response']) => void][]) {
    it(`lists again, telling only what differs, where the version is too old: ${name} says so`, async () => {
      start();
      const { response } = await fake.watch(1);
      fake.names = ['b', 'c'];
      fake.version = 90;
      let isRefused = false;
      fake.refuse = (what, answer) => {
        if (what === 'list' || isRefused || name === 'an event') return false;
        isRefused = true;
        sendJson(answer, 410, statusOf(410, 'Gone'));
        return true;
      };
      const before = news.length;
      fail(response);
      await shows('b', 'c');
      await waitFor(
        'a watch from there',
        () => fake.watches.at(-1)?.url.searchParams.get('resourceVersion') === '90',
      );
      const since = news.slice(before);
      assert.deepEqual(
        since.flatMap(({ rows = [] }) => rows.map(row => row.name)),
        ['c'],
      );
      assert.deepEqual(
        since.flatMap(({ gone = [] }) => gone),
        ['uid-a'],
      );
      assert.ok(since.every(({ reset }) => reset !== true));
    });
  }

  it('waits as long as a busy server says', async () => {
    let refused = 0;
    fake.refuse = (_what, answer) => {
      if (++refused > 1) return false;
      sendJson(answer, 429, statusOf(429, 'TooManyRequests'), { 'Retry-After': '1' });
      return true;
    };
    start();
    const begun = performance.now();
    const busy = await state('failed');
    assert.equal(busy.trouble, 'busy');
    await state('live');
    assert.ok(performance.now() - begun >= 900);
  });

  it('says which right is missing, and drops what may not be seen', async () => {
    start();
    await state('live');
    fake.refuse = (_what, answer) => (sendJson(answer, 403, statusOf(403, 'Forbidden')), true);
    (await fake.watch(1)).response.end();
    assert.equal((await state('forbidden')).verb, 'watch');
    assert.deepEqual(names(), ['a', 'b'], 'what was listed may be seen');
    reflector?.close();
    start();
    await waitFor('it to be refused', () => reflector?.known.state?.kind === 'forbidden');
    assert.equal((await state('forbidden')).verb, 'list');
    assert.deepEqual(names(), []);
    fake.refuse = undefined;
    reflector?.retry();
    await state('live');
  });

  it('says that a kind has gone', async () => {
    start();
    await state('live');
    fake.refuse = (_what, answer) => (sendJson(answer, 404, statusOf(404, 'NotFound')), true);
    (await fake.watch(1)).response.end();
    await state('gone');
    assert.deepEqual(names(), []);
  });

  it('asks a server that says nothing whether it is there', async () => {
    start({ silence: 300 });
    await fake.watch(1);
    await waitFor('it to be asked twice', () => fake.versions.length >= 2, 30_000);
    assert.equal(fake.watches.length, 1, 'it is there: the watch stays');
    fake.isHung = true;
    await fake.watch(2);
    assert.ok(lost > 0);
  });

  it('lists what cannot be watched, and watches nothing', async () => {
    start({ isWatchable: false });
    await state('live');
    assert.deepEqual(fake.watches, []);
  });

  it('asks nothing more once it is closed', async () => {
    start();
    const { response } = await fake.watch(1);
    const closed = new Promise(resolve => response.on('close', resolve));
    reflector?.close();
    await closed;
    assert.equal(fake.lists.length + fake.watches.length, 2);
  });
});
