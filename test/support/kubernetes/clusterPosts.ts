import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { Cluster } from './cluster';

/** Requests at the same time. */
const atOnce = 16;

/** Posts and patches many objects of a cluster as `admin`, faster than kubectl would. */
export class ClusterPosts implements Disposable {
  readonly #cluster: Cluster;
  readonly #agent: Agent;

  constructor(cluster: Cluster, authority: string) {
    this.#cluster = cluster;
    this.#agent = new Agent({ keepAlive: true, maxSockets: atOnce, ca: authority });
  }

  static async of(cluster: Cluster): Promise<ClusterPosts> {
    return new ClusterPosts(cluster, await readFile(cluster.authority, 'utf8'));
  }

  /** Pods that no kubelet knows, of `node-N`, in a namespace that is there; they run, as their status says. */
  async runningPods(namespace: string, names: readonly string[]): Promise<void> {
    await this.#each(names, async name => {
      const pod = {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name.replace(/-\d+$/, '') } } },
        spec: {
          nodeName: `node-${String(name.length % 10)}`,
          containers: [{ name: 'main', image: 'registry.example/shop/web:1.4.2' }],
        },
      };
      await this.#send('POST', `/api/v1/namespaces/${namespace}/pods`, 'application/json', pod);
      await this.patchStatus(namespace, name, running);
    });
  }

  /** Has pods be evicted, as their status says; `patched` hears of each when the server has answered. */
  evict(namespace: string, names: readonly string[], patched: () => void = () => undefined): Promise<void> {
    const status = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' };
    return this.#each(names, async name => {
      await this.patchStatus(namespace, name, status);
      patched();
    });
  }

  async patchStatus(namespace: string, name: string, status: object): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
    await this.#send('PATCH', path, 'application/merge-patch+json', { status });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  async #each(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
    const waiting = names.values();
    const work = async (): Promise<void> => {
      for (const name of waiting) await act(name);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  #send(method: string, path: string, type: string, body: object): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const headers = { 'Content-Type': type, Authorization: `Bearer ${this.#cluster.tokens.admin}` };
    const sent = request(`${this.#cluster.address}${path}`, { method, headers, agent: this.#agent });
    sent.on('error', reject);
    sent.on('response', response => {
      const { statusCode = 0 } = response;
      response.resume().on('end', () => {
        if (statusCode < 300) resolve();
        else reject(new Error(`${method} ${path}: ${String(statusCode)}`));
      });
    });
    sent.end(JSON.stringify(body));
    return promise;
  }
}

const running = {
  phase: 'Running',
  podIP: '10.1.2.3',
  startTime: '2026-01-01T00:00:00Z',
  conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(type => ({
    ...{ type, status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' },
  })),
  containerStatuses: [
    {
      ...{ name: 'main', ready: true, started: true, restartCount: 0 },
      ...{ image: 'registry.example/shop/web:1.4.2', imageID: 'sha256:0', containerID: 'containerd://0' },
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
    },
  ],
};
