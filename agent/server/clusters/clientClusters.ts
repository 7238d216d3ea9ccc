import type { Clusters } from '../../clusters/clusters';
import type { FoundContext } from '../../clusters/contexts/foundContext';
import type { PortForwards } from '../../clusters/forward/portForwards';
import type { LiveCluster } from '../../clusters/live/liveCluster';
import { clustersChanged } from '../../protocol/clusters';
import { forwardsChanged } from '../../protocol/clusterStreams';
import { contextsChanged, type listContexts } from '../../protocol/contexts';
import { HandrailError } from '../../protocol/errors';
import type { ResultOf } from '../../protocol/message';
import type { Tell } from '../client';
import { ClusterQueue } from './clusterQueue';

/** For whom contexts were listed. */
interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
}

interface WatchedTable {
  readonly context: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  cluster: LiveCluster;
  end: () => void;
}

/** Tables of one client at the same time. Each is a connection. */
const mostTables = 200;

/** What one client knows of clusters: which contexts there are by its environment, and what it watches. */
export class ClientClusters {
  readonly #clusters: () => Promise<Clusters>;
  readonly #tell: Tell;
  readonly #queue: ClusterQueue;
  readonly #contexts = new Map<string, { cluster: LiveCluster; end: () => void }>();
  readonly #tables = new Map<number, WatchedTable>();
  #found = new Map<string, FoundContext>();
  #listed: (Place & { clusters: Clusters; text: string }) | undefined;
  #places: { watch(places: readonly string[]): void; close(): void } | undefined;
  #forwards: PortForwards | undefined;
  #isClosed = false;

  /** `clusters`: loaded when first needed. */
  constructor(clusters: () => Promise<Clusters>, tell: Tell) {
    this.#clusters = clusters;
    this.#tell = tell;
    this.#queue = new ClusterQueue(changes => tell(clustersChanged, changes));
  }

  /** Looks for the contexts of an environment, and tells from now on when others are there. */
  async list({ env, cwd }: Place): Promise<ResultOf<typeof listContexts>> {
    const clusters = await this.#clusters();
    const found = clusters.find(env, cwd);
    this.#found = new Map(found.contexts.map(context => [context.id, context]));
    this.#listed = { env, cwd, clusters, text: JSON.stringify([found.contexts, found.problems]) };
    this.#followMoved(clusters);
    if (!this.#isClosed) this.#places ??= clusters.watchPlaces(() => this.#look());
    this.#places?.watch(found.places);
    return {
      contexts: found.contexts.map(context => clusters.told(context)),
      looked: [...found.looked],
      problems: [...found.problems],
    };
  }

  /** Of the client, as it was when it listed contexts. */
  get environment(): Readonly<Record<string, string>> {
    return this.#listed?.env ?? {};
  }

  /** A context that was listed, as it is now. Throws HandrailError `notFound` where there is none. */
  context(id: string): FoundContext {
    const context = this.#found.get(id);
    if (context !== undefined) return context;
    throw new HandrailError('notFound', `There is no context ${id}: list them anew`, { context: id });
  }

  /** The cluster of a context that was listed. Throws HandrailError `notFound` where there is none. */
  async cluster(id: string): Promise<LiveCluster> {
    const context = this.context(id);
    return (await this.#clusters()).cluster(context);
  }

  /** The ports that are forwarded for this client. */
  async forwards(): Promise<PortForwards> {
    const { actions } = await this.#clusters();
    this.#forwards ??= actions.portForwards(forwards => this.#tell(forwardsChanged, { forwards }));
    if (this.#isClosed) this.#forwards.close();
    return this.#forwards;
  }

  async watch(id: string): Promise<void> {
    const cluster = await this.cluster(id);
    if (!this.#isClosed && !this.#contexts.has(id)) this.#begin(id, cluster);
  }

  unwatch(id: string): void {
    this.#contexts.get(id)?.end();
    this.#contexts.delete(id);
    this.#queue.forgetContext(id);
  }

  /** Watches a table by a number of the client's; in place of another of that number. */
  async watchTable(
    table: number,
    { context, kind, namespace }: Pick<WatchedTable, 'context' | 'kind' | 'namespace'>,
  ): Promise<void> {
    const cluster = await this.cluster(context);
    if (this.#isClosed) return;
    this.unwatchTable(table);
    if (this.#tables.size >= mostTables)
      throw new HandrailError('busy', 'Too many tables are watched', { most: mostTables });
    const watched: WatchedTable = { context, kind, namespace, cluster, end: () => undefined };
    this.#tables.set(table, watched);
    this.#beginTable(table, watched);
  }

  unwatchTable(table: number): void {
    this.#tables.get(table)?.end();
    this.#tables.delete(table);
    this.#queue.forgetTable(table);
  }

  acknowledge(number: number): void {
    this.#queue.acknowledge(number);
  }

  close(): void {
    this.#isClosed = true;
    for (const table of [...this.#tables.keys()]) this.unwatchTable(table);
    for (const id of [...this.#contexts.keys()]) this.unwatch(id);
    this.#queue.close();
    this.#forwards?.close();
    this.#places?.close();
  }

  #begin(id: string, cluster: LiveCluster): void {
    const end = cluster.watch({
      state: state => this.#queue.state(id, state),
      kinds: found => this.#queue.kinds(id, found),
    });
    this.#contexts.set(id, { cluster, end });
  }

  #beginTable(table: number, watched: WatchedTable): void {
    const { cluster, kind, namespace } = watched;
    watched.end = cluster.watchTable(kind, namespace, news => this.#queue.table(table, news));
  }

  /** A context's description may have changed while it is watched: then it is another cluster, or another user. */
  #followMoved(clusters: Clusters): void {
    for (const [id, { cluster, end }] of [...this.#contexts]) {
      const context = this.#found.get(id);
      const now = context && clusters.cluster(context);
      if (now === cluster) continue;
      end();
      this.#contexts.delete(id);
      if (now !== undefined) this.#begin(id, now);
    }
    for (const [table, watched] of [...this.#tables]) {
      const context = this.#found.get(watched.context);
      const now = context && clusters.cluster(context);
      if (now === watched.cluster) continue;
      watched.end();
      if (now === undefined) this.#lose(table, watched);
      else {
        watched.cluster = now;
        this.#beginTable(table, watched);
      }
    }
  }

  #lose(table: number, { context }: WatchedTable): void {
    this.#tables.delete(table);
    const message = `The context ${context} is no longer in any kubeconfig`;
    this.#queue.table(table, { reset: true, state: { kind: 'gone', message, since: Date.now() } });
  }

  #look(): void {
    if (this.#listed === undefined) return;
    const { env, cwd, clusters, text } = this.#listed;
    const found = clusters.find(env, cwd);
    this.#places?.watch(found.places);
    const now = JSON.stringify([found.contexts, found.problems]);
    if (now === text) return;
    this.#listed = { env, cwd, clusters, text: now };
    this.#tell(contextsChanged, {});
  }
}
