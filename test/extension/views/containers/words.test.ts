import assert from 'node:assert/strict';
import type { ContainerRow, Stats } from '../../../../agent/protocol/containers';
import type { EndpointState } from '../../../../agent/protocol/endpoints';
import {
  conditionOf,
  containerDescription,
  countsText,
  partText,
  shortName,
  staleDescription,
} from '../../../../extension/views/containers/containerWords';
import { endpointDescription, endpointFacts } from '../../../../extension/views/containers/endpointWords';
import { ageText, sizeText } from '../../../../extension/views/containers/measures';
import {
  imageDescription,
  imageName,
  networkDescription,
  volumeDescription,
} from '../../../../extension/views/containers/objectWords';
import { sectionCounts } from '../../../../extension/views/containers/sectionWords';
import { aContainer, anEndpoint, anImage, connected } from '../../../support/someContainers';

const now = Date.UTC(2026, 10, 22, 12);
const hour = 3_600_000;

const stats: Stats = {
  id: '',
  time: now,
  cpu: 2.04,
  memory: 84 * 1024 * 1024,
  memoryLimit: 0,
  ...{ received: 0, sent: 0, read: 0, written: 0 },
};

const web = { public: 8080, private: 80, protocol: 'tcp' };

describe('rows of containers', () => {
  const cases: readonly (readonly [Partial<ContainerRow>, string, Stats?])[] = [
    [
      { since: now - 3 * hour, health: 'healthy', ports: [web] },
      'Up 3 h · healthy · 8080→80 · 2 % · 84 MiB',
      stats,
    ],
    [{ since: now - 12_000 }, 'Up 12 s'],
    [{}, 'Up'],
    [{ health: 'starting', since: now }, 'Up 0 s · health: starting'],
    [{ health: 'unhealthy', since: now - 60_000 }, 'Up 1 min · unhealthy'],
    [{ state: 'exited', exit: 0, since: now - 2 * hour }, 'exited 0 · 2 h ago'],
    [
      { state: 'exited', exit: 1, since: now - 2 * 24 * hour, health: 'unhealthy' },
      'exited 1 · 2 days ago',
      stats,
    ],
    [{ state: 'exited' }, 'exited'],
    [{ state: 'paused', since: now - 5 * 60_000 }, 'paused · up 5 min'],
    [{ state: 'created' }, 'created'],
    [{ state: 'restarting', restarts: 7, since: now - 1000 }, 'restarting · 1 s · 7 restarts'],
    [{ restarts: 1 }, 'Up · 1 restart'],
    [
      {
        ports: [
          { ...web, ip: '0.0.0.0' },
          { ...web, ip: '::' },
        ],
      },
      'Up · 8080→80',
    ],
    [{ ports: [{ private: 80, protocol: 'tcp' }] }, 'Up'],
    [{ ports: [{ public: 53, private: 53, protocol: 'udp' }] }, 'Up · 53→53/udp'],
    [
      { ports: [1, 2, 3, 4, 5].map(port => ({ public: port, private: port, protocol: 'tcp' })) },
      'Up · 1→1, 2→2, 3→3, +2',
    ],
  ];
  for (const [row, expected, usage] of cases) {
    it(expected, () =>
      assert.equal(containerDescription(aContainer('a', row), now, { stats: usage }), expected),
    );
  }

  it('tells what is being done to it, and since when', () => {
    const underway = { word: 'stopping', since: now - 2000 };
    const row = aContainer('a', { since: now - 60_000 });
    assert.equal(containerDescription(row, now, { underway }), 'stopping · 2 s · Up 1 min');
  });

  it('tells what was, while nobody can tell what is', () => {
    assert.equal(staleDescription(aContainer('a', { ports: [web], since: 1 })), 'was running · 8080→80');
  });

  it('takes an exit by a signal that asks to stop for no problem', () => {
    const of = (row: Partial<ContainerRow>) => conditionOf(aContainer('a', row));
    for (const exit of [0, 130, 137, 143]) assert.equal(of({ state: 'exited', exit }), 'stopped');
    for (const exit of [1, 2, 127, 139]) assert.equal(of({ state: 'exited', exit }), 'problem');
    assert.equal(of({ health: 'unhealthy' }), 'problem');
    assert.equal(of({ state: 'exited', exit: 0, health: 'unhealthy' }), 'stopped');
    assert.equal(of({ state: 'dead' }), 'problem');
    assert.equal(of({ health: 'healthy' }), 'healthy');
  });

  it('counts', () => {
    const rows = [
      aContainer('a'),
      aContainer('b', { state: 'paused' }),
      aContainer('c', { state: 'exited' }),
    ];
    assert.equal(countsText(rows), '2 running · 1 stopped');
    assert.equal(countsText([aContainer('a', { health: 'unhealthy' })]), '1 running · 1 unhealthy');
    assert.equal(countsText([]), 'no containers');
    assert.equal(partText(rows), '2 of 3 running');
    assert.equal(partText(rows.slice(0, 1)), '1 running');
  });

  const names: readonly (readonly [string, string])[] = [
    ['shop-api-1', 'api'],
    ['shop_api_1', 'api'],
    ['shop-api-2', 'api 2'],
    ['my-own-name', 'my-own-name'],
    ['shop-api-run-1a2b', 'shop-api-run-1a2b'],
  ];
  for (const [name, short] of names) {
    it(`${name} is ${short} within its project`, () => {
      assert.equal(shortName(aContainer(name, { project: 'shop', service: 'api' })), short);
    });
  }
});

describe('rows of engines', () => {
  const say = (state: EndpointState, counts?: string, live = true, wanted = true) =>
    endpointDescription(state, { live, wanted, counts, now });
  const failed = (trouble: 'refused' | 'other', message = 'm') =>
    ({ kind: 'failed', trouble, message, since: 0 }) as const;
  const cases: readonly (readonly [string, string])[] = [
    [say({ kind: 'idle' }), 'not connected · expand to connect'],
    [say({ kind: 'connecting', since: now }), 'connecting'],
    [say({ kind: 'connecting', since: now - 3000 }), 'connecting · 3 s'],
    [say({ kind: 'connecting', since: now - 3000 }, '1 running'), 'connecting · 3 s · was 1 running'],
    [say(connected), 'reading…'],
    [say(connected, undefined, true, false), 'connected · expand to show'],
    [say(connected, '12 running · 3 stopped'), '12 running · 3 stopped'],
    [say(connected, '12 running', false), 'no agent · was 12 running'],
    [say(failed('refused')), 'connection refused'],
    [say(failed('refused'), '2 running'), 'connection refused · was 2 running'],
    [say(failed('other', 'no route to host\nand more')), 'no route to host'],
    [say(failed('other', 'unix:///run/docker.sock hung up')), 'hung up'],
  ];
  for (const [said, expected] of cases) it(expected, () => assert.equal(said, expected));

  it('has all of it in its tooltip: what happened, what to do, where', () => {
    const state: EndpointState = {
      ...{ kind: 'failed', trouble: 'noPermission', message: 'may not be opened', since: 0 },
      ...{ hint: 'sudo usermod -aG docker ana', retryAt: now + 8000 },
    };
    assert.deepEqual(endpointFacts(anEndpoint({ state, tls: 'unverified' }), now), [
      'docker (default): may not be opened (tried again in 8 s)',
      'Next: sudo usermod -aG docker ana',
      '',
      'unix:///var/run/docker.sock',
      'from a Docker context · what your docker command uses',
      'TLS, the engine is not checked',
    ]);
  });
});

describe('rows of images, volumes, networks', () => {
  it('says what they are', () => {
    assert.equal(
      imageDescription(anImage('a:1', { createdAt: now - 25 * hour, usedBy: ['x'] }), now),
      '1 MiB · 25 h old · used by 1',
    );
    assert.equal(
      imageDescription(anImage(undefined, { createdAt: now }), now),
      'dangling · 1 MiB · 0 s old · unused',
    );
    assert.equal(imageName(anImage(undefined, { id: 'sha256:0123456789abcdef' })), '0123456789ab');
    const volume = { kind: 'volume', id: 'pgdata', driver: 'local', mountpoint: '/m', usedBy: [] } as const;
    assert.equal(volumeDescription({ ...volume, usedBy: [] }), 'local · unused');
    assert.equal(
      networkDescription({
        ...{ kind: 'network', id: 'n', name: 'shop', driver: 'bridge', scope: 'local' },
        ...{ subnets: ['172.18.0.0/16'], usedBy: ['a', 'b'] },
      }),
      'bridge · 172.18.0.0/16 · used by 2',
    );
  });

  it('counts a section, and what of it is not shown and why', () => {
    const all = [aContainer('a'), aContainer('b'), aContainer('c')];
    const count = (shown: number, filter = '', hideStopped = false) =>
      sectionCounts('container', all, { shown, filter, hideStopped });
    assert.equal(count(3), '3');
    assert.equal(count(1, '', true), '3 · 2 stopped hidden');
    assert.equal(count(1, 'web', true), '1 of 3 match “web”');
    const images = [anImage('a:1'), anImage('b:1')];
    assert.equal(sectionCounts('image', images, { shown: 2, filter: '', hideStopped: false }), '2 · ≤ 2 MiB');
  });
});

describe('measures', () => {
  const ages: readonly (readonly [number, string])[] = [
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [hour - 1, '59 min'],
    [hour, '1 h'],
    [47 * hour, '47 h'],
    [48 * hour, '2 days'],
    [59 * 24 * hour, '59 days'],
    [90 * 24 * hour, '3 months'],
    [800 * 24 * hour, '2 years'],
  ];
  for (const [ms, text] of ages) it(text, () => assert.equal(ageText(ms), text));

  const sizes: readonly (readonly [number, string])[] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1.5 * 1024, '1.5 KiB'],
    [84 * 1024 ** 2, '84 MiB'],
    [1.44 * 1024 ** 3, '1.4 GiB'],
  ];
  for (const [bytes, text] of sizes) it(text, () => assert.equal(sizeText(bytes), text));
});
