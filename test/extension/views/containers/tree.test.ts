import assert from 'node:assert/strict';
import type { ContainerRow, EngineRow } from '../../../../agent/protocol/containers';
import { ContainerModel } from '../../../../extension/views/containers/containerModel';
import {
  bundleNode,
  endpointNode,
  objectNode,
  sectionNode,
  type ContainerNode,
} from '../../../../extension/views/containers/containerNode';
import {
  chosenContainers,
  labelsOf,
  topLevel,
  type TreeChoice,
} from '../../../../extension/views/containers/containerTree';
import { foundRows } from '../../../../extension/views/containers/foundRows';
import {
  mostMeasured,
  seenContainers,
  toMeasure,
} from '../../../../extension/views/containers/seenContainers';
import { aContainer, anEndpoint, anImage, connected, knownEngine } from '../../../support/someContainers';

const all: TreeChoice = { grouping: { by: 'project' }, hideStopped: false, filter: '' };
const endpoint = 'context:default';
const containers = sectionNode(endpoint, 'container');

function inProject(
  project: string,
  service: string,
  number = 1,
  row: Partial<ContainerRow> = {},
): ContainerRow {
  return aContainer(`${project}-${service}-${String(number)}`, { project, service, ...row });
}

function model(rows: readonly EngineRow[], choice: Partial<TreeChoice> = {}): ContainerModel {
  const chosen = { ...all, ...choice };
  return new ContainerModel(knownEngine(rows), () => chosen);
}

/** Rows in short: `shop/`, `shop/api/`, `web`. */
function short(nodes: readonly ContainerNode[]): string[] {
  return nodes.map(node => {
    if (node.kind === 'object') return node.object.replace('id-of-', '');
    if (node.kind === 'message') return node.text;
    if (node.kind !== 'bundle') return node.kind;
    const { by } = node;
    return 'label' in by
      ? `${by.value}/`
      : by.service === undefined
        ? `${by.project}/`
        : `${by.project}/${by.service}/`;
  });
}

describe('order of containers', () => {
  it('is problems, what runs, what does not; each by name with numbers as numbers', () => {
    const rows = [
      aContainer('stopped', { state: 'exited', exit: 0 }),
      aContainer('web-10'),
      aContainer('web-9'),
      aContainer('failed', { state: 'exited', exit: 1 }),
      aContainer('sick', { health: 'unhealthy' }),
      aContainer('looping', { state: 'restarting' }),
    ];
    assert.deepEqual(
      chosenContainers(rows, all).map(({ name }) => name),
      ['failed', 'looping', 'sick', 'web-9', 'web-10', 'stopped'],
    );
  });

  it('lets one that its engine starts again and again keep its place', () => {
    const now = 1_000_000;
    const order = (change: object): string[] =>
      chosenContainers([aContainer('api'), aContainer('looping', change)], all, now).map(({ name }) => name);
    for (const change of [
      { state: 'restarting', restarts: 3 },
      { state: 'running', restarts: 3, since: now - 5000 },
      { state: 'exited', exit: 1, restarts: 3 },
    ])
      assert.deepEqual(order(change), ['looping', 'api'], JSON.stringify(change));
    assert.deepEqual(order({ state: 'running', restarts: 3, since: now - 120_000 }), ['api', 'looping']);
  });

  it('puts projects with a problem first, containers of none last', () => {
    const rows = [aContainer('alone'), inProject('a', 'x'), inProject('b', 'x', 1, { health: 'unhealthy' })];
    assert.deepEqual(
      topLevel(chosenContainers(rows, all), { by: 'project' }).map(placed =>
        placed.kind === 'bundle' && 'project' in placed.by ? placed.by.project : placed.kind,
      ),
      ['b', 'a', 'container'],
    );
  });
});

describe('the Containers tree', () => {
  const shop = [
    inProject('shop', 'api', 1),
    inProject('shop', 'api', 2),
    inProject('shop', 'db'),
    aContainer('alone'),
  ];

  it('goes from project to service; a service of one container is that container', () => {
    const tree = model(shop);
    assert.deepEqual(short(tree.inSection(containers)), ['shop/', 'alone']);
    const project = bundleNode(endpoint, { project: 'shop' });
    assert.deepEqual(short(tree.inBundle(project)), ['shop/api/', 'shop-db-1']);
    const service = bundleNode(endpoint, { project: 'shop', service: 'api' });
    assert.deepEqual(short(tree.inBundle(service)), ['shop-api-1', 'shop-api-2']);
  });

  it('is flat, or by a label, where a person wants that', () => {
    assert.deepEqual(short(model(shop, { grouping: { by: 'nothing' } }).inSection(containers)).length, 4);
    const rows = [
      aContainer('a', { labels: { tier: 'front' } }),
      aContainer('b', { labels: { tier: 'back' } }),
      aContainer('c'),
    ];
    const tree = model(rows, { grouping: { by: 'label', label: 'tier' } });
    assert.deepEqual(short(tree.inSection(containers)), ['back/', 'front/', 'c']);
    assert.deepEqual(short(tree.inBundle(bundleNode(endpoint, { label: 'tier', value: 'back' }))), ['b']);
    assert.deepEqual(labelsOf(rows), [{ label: 'tier', count: 2 }]);
  });

  it('groups by a label that objects have by nature only where a container has it', () => {
    const tree = model([aContainer('a')], { grouping: { by: 'label', label: 'constructor' } });
    assert.deepEqual(short(tree.inSection(containers)), ['a']);
  });

  it('filters by each word, and says what to do where nothing is left', () => {
    const tree = model(shop, { filter: 'SHOP api' });
    assert.deepEqual(short(tree.inSection(containers)), ['shop/']);
    assert.equal(tree.sectionDescription(containers), '2 of 4 match “SHOP api”');
    assert.deepEqual(short(model(shop, { filter: 'nope' }).inSection(containers)), [
      'Nothing matches “nope”.',
    ]);
    assert.deepEqual(
      short(model([aContainer('a', { labels: { owner: 'ana' } })], { filter: 'ana' }).inSection(containers)),
      ['a'],
    );
  });

  it('hides what is stopped, but nothing that failed', () => {
    const rows = [
      aContainer('ok'),
      aContainer('done', { state: 'exited', exit: 0 }),
      aContainer('failed', { state: 'exited', exit: 1 }),
    ];
    assert.deepEqual(short(model(rows, { hideStopped: true }).inSection(containers)), ['failed', 'ok']);
    const stopped = [aContainer('done', { state: 'exited', exit: 0 })];
    assert.deepEqual(short(model(stopped, { hideStopped: true }).inSection(containers)), [
      '1 stopped are hidden.',
    ]);
  });

  it('has at most 500 rows below one, then one that opens to the next', () => {
    const rows = Array.from({ length: 1201 }, (_, index) => aContainer(`c${String(index)}`));
    const first = model(rows).inSection(containers);
    assert.equal(first.length, 501);
    const more = first.at(-1);
    assert.ok(more?.kind === 'more');
    assert.equal(more.label, 'Next 500 of 701…');
  });

  it('sorts once for all groups of one state of things', () => {
    const rows = Array.from({ length: 1000 }, (_, index) =>
      inProject(`p${String(index % 200)}`, `s${String(index)}`),
    );
    const tree = model(rows);
    const began = performance.now();
    for (const node of tree.inSection(containers)) if (node.kind === 'bundle') tree.inBundle(node);
    assert.ok(performance.now() - began < 500, 'took too long');
  });

  it('has ids without state, also for names that hold separators', () => {
    const ids = [
      bundleNode('e', { project: 'a/b' }),
      bundleNode('e', { project: 'a', service: 'b' }),
      bundleNode('e', { label: 'project', value: 'a' }),
      objectNode('e', 'container', 'a'),
      objectNode('e', 'volume', 'a'),
      endpointNode('e'),
      endpointNode('e/container'),
      sectionNode('e', 'container'),
    ].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, ids.join(' '));
  });

  it('lists images with names first', () => {
    const tree = model([anImage(undefined), anImage('b:1'), anImage('a:1')]);
    const rows = tree.inSection(sectionNode(endpoint, 'image'));
    assert.deepEqual(
      rows.map(row => row.kind === 'object' && row.object.slice(7, 10)),
      ['a:1', 'b:1', 'non'],
    );
  });
});

describe('an engine that is not there', () => {
  const failed = {
    kind: 'failed',
    trouble: 'refused',
    message: 'Nobody listens.',
    hint: 'systemctl start docker',
    since: 0,
  } as const;

  it('says why and what to do, above what was known', () => {
    const tree = new ContainerModel(knownEngine([aContainer('a')], failed), () => all);
    assert.deepEqual(short(tree.inEndpoint(endpoint)), [
      'Nobody listens.',
      'systemctl start docker',
      ...Array<string>(4).fill('section'),
    ]);
    assert.equal(tree.isLive(endpoint), false);
  });

  it('says on what it waits where nothing is known', () => {
    const mirrorless = { ...knownEngine([], failed), mirror: () => undefined };
    const states = [failed, { kind: 'connecting', since: 0 }, connected] as const;
    const said = states.map(state =>
      short(
        new ContainerModel({ ...mirrorless, endpoint: () => anEndpoint({ state }) }, () => all).inEndpoint(
          endpoint,
        ),
      ),
    );
    assert.deepEqual(said, [
      ['Nobody listens.', 'systemctl start docker'],
      ['Connecting to unix:///var/run/docker.sock…'],
      ['Reading containers…'],
    ]);
  });

  it('tells where was looked when none was found, and what to do', () => {
    const rows = foundRows(
      {
        endpoints: [],
        looked: [
          { place: '/var/run/docker.sock', found: 'not there' },
          { place: 'context "colima"', found: 'connection refused' },
        ],
        problems: [{ file: '/home/ana/.docker/config.json', message: 'line 3: not JSON' }],
      },
      undefined,
    );
    assert.deepEqual(short(rows), [
      'No container engine found.',
      '/home/ana/.docker/config.json',
      'Install…',
      'Add endpoint…',
      'Retry',
      'Looked at:',
      '/var/run/docker.sock',
      'context "colima"',
    ]);
    assert.deepEqual(foundRows(undefined, undefined), []);
    assert.deepEqual(short(foundRows(undefined, 'no agent')), ['Engines cannot be looked for.', 'Retry']);
  });
});

describe('containers whose usage is watched', () => {
  const rows = [
    inProject('shop', 'api'),
    inProject('shop', 'db', 1, { state: 'exited', exit: 0 }),
    aContainer('alone'),
  ];
  const open = (...nodes: { id: string }[]) => new Set(nodes.map(({ id }) => id));
  const seen = (ids: ReadonlySet<string>, choice: Partial<TreeChoice> = {}) => {
    const engines = knownEngine(rows);
    return seenContainers(engines, new ContainerModel(engines, () => ({ ...all, ...choice })), ids).map(
      ({ row }) => row.name,
    );
  };
  const project = bundleNode(endpoint, { project: 'shop' });

  it('are those below rows that are all unfolded', () => {
    assert.deepEqual(seen(open(containers, project)), [], 'the engine is folded');
    assert.deepEqual(seen(open(endpointNode(endpoint), containers)), ['alone']);
    assert.deepEqual(seen(open(endpointNode(endpoint), containers, project)), [
      'shop-api-1',
      'shop-db-1',
      'alone',
    ]);
    assert.deepEqual(seen(open(endpointNode(endpoint), project)), []);
  });

  it('pass the filter, run, and are at most 50', () => {
    const everything = open(endpointNode(endpoint), containers, project);
    assert.deepEqual(seen(everything, { filter: 'api' }), ['shop-api-1']);
    const many = knownEngine(Array.from({ length: 80 }, (_, index) => aContainer(`c${String(index)}`)));
    const chosen = seenContainers(many, new ContainerModel(many, () => all), everything);
    assert.equal(chosen.length, 80);
    assert.equal(toMeasure(chosen, [endpoint]).get(endpoint)?.length, mostMeasured);
    const last = chosen.at(-1)?.node;
    const withRead = toMeasure(chosen, [endpoint], last?.id).get(endpoint);
    assert.deepEqual(
      [withRead?.length, withRead?.at(-1)],
      [mostMeasured, last?.object],
      'what is looked at closely',
    );
    const engines = knownEngine(rows);
    const few = seenContainers(engines, new ContainerModel(engines, () => all), everything);
    assert.deepEqual(toMeasure(few, [endpoint]).get(endpoint), ['id-of-shop-api-1', 'id-of-alone']);
  });

  it('are none of an engine that has none in sight: it is told so', () => {
    assert.deepEqual(
      [...toMeasure([], ['a', 'b'])],
      [
        ['a', []],
        ['b', []],
      ],
    );
  });
});
