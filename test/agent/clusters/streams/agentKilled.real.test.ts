import { listContexts } from '../../../../agent/protocol/contexts';
import { execInPod } from '../../../../agent/protocol/clusterStreams';
import { buildAgent } from '../../../support/builtAgent';
import { type Cluster, startCluster } from '../../../support/kubernetes/cluster';
import { kubernetesNode } from '../../../support/kubernetes/programs';
import { pod } from '../../../support/kubernetes/somePods';
import { StreamClient } from '../../../support/kubernetes/streamClient';
import { agentHome } from '../../../support/realAgent';
import { needs } from '../../../support/realSystem';
import { waitFor } from '../../../support/waitFor';

const deadline = 60_000;

describe('commands in pods', function () {
  this.timeout(240_000);
  before(needs(kubernetesNode));
  let cluster: Cluster;
  before(async function () {
    this.timeout(600_000);
    cluster = await startCluster({ node: true });
    await cluster.apply(pod('box', 'sleep 100000'));
    await cluster.kubectl('wait', 'pod/box', '--for=condition=Ready', '--timeout=90s');
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  const processes = () => cluster.kubectl('exec', 'box', '--', 'ps', '-o', 'args');

  for (const terminal of [undefined, { columns: 80, rows: 24 }])
    it(`end when the agent is killed (${terminal ? 'tty' : 'pipes'})`, async () => {
      using built = await buildAgent();
      await using home = await agentHome(built.path);
      const connection = await home.connect();
      await connection.request(listContexts, { environment: { KUBECONFIG: cluster.kubeconfig } });
      const client = new StreamClient(connection);
      const { stream } = await connection.request(execInPod, {
        ...{ context: 'test', namespace: 'default', pod: 'box', by: 'ana' },
        command: ['sh', '-c', 'sleep 2345 & echo begun; sleep 1234'],
        ...(terminal && { terminal }),
      });
      await client.prints(stream, /begun/);
      await waitFor('both', async () => /2345[^]*1234|1234[^]*2345/.test(await processes()), deadline);
      // Who looks after it may begin a moment later.
      await waitFor(
        'who looks after it',
        async () => /handrail HANDRAIL_EXEC/.test(await processes()),
        deadline,
      );
      process.kill(connection.agent.pid, 'SIGKILL');
      await waitFor('both to end', async () => !/sleep (2345|1234)/.test(await processes()), deadline);
      connection.dispose();
    });
});
