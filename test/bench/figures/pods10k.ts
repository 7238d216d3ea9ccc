import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { watchContext } from '../../../agent/protocol/contexts';
import { agentStatus } from '../../../agent/protocol/handshake';
import { ClusterClient, type MirroredTable } from '../../support/kubernetes/clusterClient';
import type { Cluster } from '../../support/kubernetes/cluster';
import { ClusterPosts } from '../../support/kubernetes/clusterPosts';
import { waitFor } from '../../support/waitFor';
import { connectBenchAgent, stopAgent } from '../agent';
import type { Bench, Figure, Line } from '../figure';
import { benchCluster, namesOf } from '../kubernetes';
import { mediansInTurn, residentMB } from '../measure';

const turns = 3;
const many = 10_000;
const changes = 20;
const burst = 1000;

/**
 * 10,000 pods of a real API server: from asking for them to having all, each time by a kubeconfig that the agent does not
 * know, beside what kubectl takes to print them; then how soon changes are told.
 */
export const pods10k: Figure = {
  name: 'pods-10k',
  async measure(bench) {
    await using cluster = await benchCluster();
    using posts = await ClusterPosts.of(cluster);
    await cluster.kubectl('create', 'namespace', 'shop');
    await posts.runningPods('shop', namesOf(many));
    const connection = await connectBenchAgent(bench);
    await using undo = new AsyncDisposableStack();
    undo.defer(() => stopAgent(connection));
    const client = new ClusterClient(connection);
    const { pid } = await connection.request(agentStatus, {});
    let turn = 0;
    const again = () => watchAll(client, bench, cluster, ++turn);
    const { table } = await again();
    // More have the same cluster watched below, as nobody would.
    const memory = residentMB(pid, 'VmHWM');
    const changed = await changesOf(posts, table);
    const firsts: number[] = [];
    const [value, kubectl] = await mediansInTurn(
      turns,
      async () => {
        const { first, all } = await again();
        firsts.push(first);
        return all;
      },
      () => timeOf(() => cluster.kubectl('get', 'pods', '-A')),
    );
    const baseline = { what: 'kubectl get pods -A', value: kubectl };
    return [
      { name: 'pods-10k', value, unit: 'ms', budget: 1, baseline },
      { name: 'pods-10k-first', value: Math.max(...firsts), unit: 'ms', budget: 500 },
      ...changed,
      { name: 'pods-10k-memory', value: memory, unit: 'MB', budget: 150 },
    ];
  },
};

/** From asking for all to the first rows, and to all. */
async function watchAll(
  client: ClusterClient,
  bench: Bench,
  cluster: Cluster,
  turn: number,
): Promise<{ table: MirroredTable; first: number; all: number }> {
  const kubeconfig = join(bench.folder, `kubeconfig-${String(turn)}`);
  await copyFile(cluster.kubeconfig, kubeconfig);
  for (const each of client.tables.values()) await client.unwatch(each);
  await client.list({ KUBECONFIG: kubeconfig });
  const start = performance.now();
  await client.connection.request(watchContext, { context: 'test' });
  const table = await client.watch('test', 'pods');
  await waitFor('the first rows', () => table.rows.size > 0, 60_000);
  const first = performance.now() - start;
  await waitFor('all pods', () => table.isComplete, 60_000);
  const all = performance.now() - start;
  if (table.rows.size !== many) throw new Error(`There were ${String(table.rows.size)} pods`);
  return { table, first, all };
}

/** From a change to its row, one after the other; and the last one of many at once. */
async function changesOf(posts: ClusterPosts, table: MirroredTable): Promise<Line[]> {
  const [names, others] = [namesOf(changes), namesOf(burst + changes).slice(changes)];
  const isEvicted = new Set<string>();
  const look = (wanted: readonly string[]) => {
    for (const { name, problem } of table.rows.values())
      if (problem?.reason === 'Evicted') isEvicted.add(name);
    return wanted.every(name => isEvicted.has(name));
  };
  const values: number[] = [];
  for (const name of names) {
    await posts.evict('shop', [name]);
    // The server tells those who watch at the time when it answers.
    values.push(await timeOf(() => waitFor('the change', () => look([name]))));
  }
  let last = 0;
  await posts.evict('shop', others, () => (last = performance.now()));
  await waitFor('the burst', () => look(others), 30_000);
  return [
    { name: 'pods-10k-change', value: values.sort((a, b) => a - b).at(-2) ?? NaN, unit: 'ms', budget: 100 },
    { name: 'pods-10k-burst', value: performance.now() - last, unit: 'ms', budget: 400 },
  ];
}

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}
