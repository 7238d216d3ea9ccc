import type { Cluster } from '../../support/kubernetes/cluster';
import { ClusterPosts } from '../../support/kubernetes/clusterPosts';
import { CannotInstall } from '../../support/realSystem';
import { inBrowser } from '../../vscode/places';
import { runSuite } from '../../vscode/runSuite';
import { CannotMeasure, type Figure } from '../figure';
import { benchCluster, namesOf } from '../kubernetes';

const pods = 10_000;
const changes = 1000;

/**
 * 10,000 pods in the tree of a real VS Code, then 1,000 of them evicted as fast as the API server takes that; measured by
 * `test/vscode/suites/benchPods.ts`, which has no part in the changes.
 */
export const watchBurst: Figure = {
  name: 'watch-burst',
  async measure() {
    await using cluster = await benchCluster();
    using posts = await ClusterPosts.of(cluster);
    await cluster.kubectl('create', 'namespace', 'shop');
    await posts.runningPods('shop', namesOf(pods));
    const value = await inEditor(cluster, posts);
    return [
      { name: 'pods-10k-in-the-tree', value: value('first'), unit: 'ms', budget: 500 },
      { name: 'watch-burst', value: value('right') - value('last'), unit: 'ms', budget: 400 },
      { name: 'watch-burst-host-blocked', value: value('blocked'), unit: 'ms', budget: 50 },
      { name: 'watch-burst-children', value: value('children'), unit: 'rows', budget: 501 },
    ];
  },
};

async function inEditor(cluster: Cluster, posts: ClusterPosts): Promise<(name: string) => number> {
  const values: Record<string, number> = {};
  const before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = cluster.kubeconfig;
  let evicted = Promise.resolve();
  try {
    await runSuite({ name: 'benchPods', workspace: 'attaching', deadline: 300_000 }, inBrowser, report => {
      if (report.type !== 'figure') {
        if (report.error) throw new Error(report.error);
      } else if (report.name === 'ready') {
        evicted = posts.evict('shop', namesOf(changes), () => (values['last'] = Date.now()));
      } else values[report.name] = report.value;
    });
    await evicted;
  } catch (error) {
    if (error instanceof CannotInstall) throw new CannotMeasure(error.message);
    throw error;
  } finally {
    if (before === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = before;
  }
  return name => values[name] ?? Number.NaN;
}
