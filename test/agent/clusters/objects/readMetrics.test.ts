import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LiveCluster } from '../../../../agent/clusters/live/liveCluster';
import { metricsOf, quantity } from '../../../../agent/clusters/objects/readMetrics';
import { someContext } from '../someContext';

describe('quantities of Kubernetes', () => {
  for (const [text, value] of [
    ['0', 0],
    ['2', 2],
    ['250m', 0.25],
    ['1500000n', 0.0015],
    ['12u', 0.000012],
    ['64Ki', 65_536],
    ['1.5Gi', 1_610_612_736],
    ['3M', 3_000_000],
    ['1e3', 1000],
    ['', 0],
    ['much', 0],
    ['3Xi', 0],
  ] as const)
    it(`reads ${text || 'nothing'}`, () => assert.ok(Math.abs(quantity(text) - value) < 1e-12));
});

describe('what pods use', () => {
  const items = [
    {
      metadata: { name: 'web', namespace: 'shop' },
      timestamp: '2026-01-01T00:00:00Z',
      containers: [
        { name: 'main', usage: { cpu: '250m', memory: '64Mi' } },
        { name: 'side', usage: { cpu: '1500000n', memory: '1000Ki' } },
      ],
    },
  ];
  for (const [status, answer, expected] of [
    [200, { items }, { available: true }],
    [404, { kind: 'Status', message: 'not found' }, { available: false }],
    [503, { kind: 'Status', message: 'down' }, { available: false }],
  ] as const)
    it(`is told where the cluster answers ${status}`, async () => {
      const asked: string[] = [];
      const server = createServer((request, response) => {
        const isMetrics = request.url?.includes('metrics.k8s.io') === true;
        if (isMetrics) asked.push(request.url ?? '');
        response.writeHead(isMetrics ? status : 200).end(JSON.stringify(isMetrics ? answer : {}));
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const cluster = new LiveCluster(someContext(`http://127.0.0.1:${port}`), error =>
        assert.fail(String(error)),
      );
      try {
        const told = await metricsOf(cluster, 'pods', 'shop');
        assert.partialDeepStrictEqual(told, expected);
        assert.deepEqual(asked, ['/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods']);
        if (status !== 200) return assert.deepEqual(told.items, []);
        const [web] = told.items;
        assert.deepEqual(web?.usage, { cpu: 251.5, memory: 68_132_864 });
        assert.deepEqual(web.containers?.['main'], { cpu: 250, memory: 67_108_864 });
        assert.equal(web.at, Date.UTC(2026, 0, 1));
      } finally {
        cluster.close();
        server.closeAllConnections();
        server.close();
      }
    });
});
