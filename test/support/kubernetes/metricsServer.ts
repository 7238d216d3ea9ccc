import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { makeCertificate } from '../certificate';
import { sendJson, startServer } from '../loopbackServer';
import { waitFor } from '../waitFor';
import type { Cluster } from './cluster';

/** What is measured: by kind, as the API has it. */
export interface Measured {
  pods: readonly object[];
  nodes: readonly object[];
}

const group = 'metrics.k8s.io/v1beta1';

/**
 * Has a cluster measure CPU and memory as `measured` says: an API server of its own behind the cluster's, as metrics-server
 * is one. It goes when it is disposed.
 */
export async function startMetricsServer(cluster: Cluster, measured: Measured): Promise<AsyncDisposable> {
  const folder = join(cluster.folder, 'metrics');
  await mkdir(folder);
  const { key, cert } = await makeCertificate(folder);
  const server = await startServer(
    ({ url = '' }, response) => {
      const { pathname } = new URL(url, 'https://metrics');
      const [, namespace, kind] =
        /^\/apis\/metrics\.k8s\.io\/v1beta1(?:\/namespaces\/([^/]+))?\/(pods|nodes)$/.exec(pathname) ?? [];
      if (pathname === `/apis/${group}`) return sendJson(response, 200, resources);
      if (kind === undefined)
        return sendJson(response, 404, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404 });
      const all = measured[kind as keyof Measured] as { metadata?: { namespace?: string } }[];
      const items = all.filter(
        ({ metadata }) => namespace === undefined || metadata?.namespace === namespace,
      );
      sendJson(response, 200, { kind: 'List', apiVersion: group, items: items.length === 0 ? null : items });
    },
    { key, cert },
  );
  const port = Number(new URL(server.address).port);
  for (const object of [service(port), apiService(port)]) await cluster.apply(object);
  await waitFor(
    'what is measured',
    () =>
      cluster.kubectl('get', '--raw', `/apis/${group}/pods`).then(
        () => true,
        () => false,
      ),
    60_000,
  );
  return {
    async [Symbol.asyncDispose]() {
      await cluster.kubectl('delete', 'apiservice', 'v1beta1.metrics.k8s.io');
      await cluster.kubectl('delete', 'service', '-n', 'kube-system', 'metrics');
      await server[Symbol.asyncDispose]();
    },
  };
}

const resources = {
  ...{ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: group },
  resources: [
    { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
    { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
  ],
};

/** That what is asked of it goes to this machine. */
function service(port: number): object {
  return {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'metrics', namespace: 'kube-system' } },
    spec: { type: 'ExternalName', externalName: '127.0.0.1', ports: [{ port }] },
  };
}

function apiService(port: number): object {
  return {
    ...{
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
    },
    spec: {
      ...{ group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
      ...{ insecureSkipTLSVerify: true, service: { name: 'metrics', namespace: 'kube-system', port } },
    },
  };
}
