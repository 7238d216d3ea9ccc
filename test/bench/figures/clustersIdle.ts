import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { watchContext } from '../../../agent/protocol/contexts';
import { agentStatus } from '../../../agent/protocol/handshake';
import { ClusterClient, type MirroredTable } from '../../support/kubernetes/clusterClient';
import { ClusterPosts } from '../../support/kubernetes/clusterPosts';
import { waitFor } from '../../support/waitFor';
import { connectBenchAgent, stopAgent } from '../agent';
import type { Figure } from '../figure';
import { benchCluster, namesOf } from '../kubernetes';
import { residentMB } from '../measure';

/** Seconds that nothing happens. */
const quiet = 60;

const kinds = ['namespaces', 'pods', 'deployments.apps', 'services', 'configmaps', 'secrets', 'nodes'];

/** What is asked of a watched cluster in which nothing happens, as its own audit log tells. */
export const clustersIdle: Figure = {
  name: 'clusters-idle',
  async measure(bench) {
    const policy = await bench.write('audit.yaml', auditPolicy);
    const log = join(bench.folder, 'audit.log');
    const args = [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`, '--audit-log-mode=blocking'];
    await using cluster = await benchCluster({ args });
    using posts = await ClusterPosts.of(cluster);
    await posts.runningPods('default', namesOf(1000));
    const connection = await connectBenchAgent(bench);
    await using undo = new AsyncDisposableStack();
    undo.defer(() => stopAgent(connection));
    const client = new ClusterClient(connection);
    await client.list({ KUBECONFIG: cluster.kubeconfig });
    await connection.request(watchContext, { context: 'test' });
    const tables: MirroredTable[] = [];
    for (const kind of kinds) tables.push(await client.watch('test', kind));
    await waitFor('all tables', () => tables.every(({ isComplete }) => isComplete), 60_000);
    await waitFor('the log of that', async () => (await requestsIn(log)) > 0, 30_000);
    await delay(3000);
    const before = await requestsIn(log);
    await delay(quiet * 1000);
    const value = (await requestsIn(log)) - before;
    const { pid } = await connection.request(agentStatus, {});
    return [
      { name: 'clusters-idle', value, unit: 'requests', budget: 0 },
      { name: 'clusters-idle-memory', value: residentMB(pid, 'VmRSS'), unit: 'MB', budget: 150 },
    ];
  },
};

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [ResponseStarted, ResponseComplete, Panic]
rules: [{level: Metadata}]
`;

/** Of ours, watches among them. */
async function requestsIn(log: string): Promise<number> {
  return (await readFile(log, 'utf8')).split('\n').filter(line => line.includes('"userAgent":"handrail/'))
    .length;
}
