import type { Containers } from '../../containers/containers';
import type { FoundEndpoint } from '../../containers/endpoints/foundEndpoint';
import type { Engine } from '../../containers/engine/engine';
import type { EngineWatch } from '../../containers/live/liveEngine';
import { type RowKind, engineChanged, statsChanged } from '../../protocol/containers';
import { endpointsChanged, type listEndpoints } from '../../protocol/endpoints';
import { HandrailError } from '../../protocol/errors';
import type { ResultOf } from '../../protocol/message';
import type { Tell } from '../client';
import { EngineQueue } from './engineQueue';

type Env = Readonly<Record<string, string>>;

interface Watched {
  readonly engine: Engine;
  readonly watch: EngineWatch;
  readonly kinds: Set<RowKind>;
  stats?: { want(ids: readonly string[]): void; close(): void };
}

/** What one client knows of container engines: which there are by its environment, and those it watches. */
export class ClientEngines {
  readonly #containers: () => Promise<Containers>;
  readonly #tell: Tell;
  readonly #queue: EngineQueue;
  readonly #watched = new Map<string, Watched>();
  #found = new Map<string, FoundEndpoint>();
  #listed: { env: Env; containers: Containers; text: string } | undefined;
  #places: { watch(places: readonly string[]): void; close(): void } | undefined;
  #isClosed = false;

  /** `containers`: loaded when first needed. */
  constructor(containers: () => Promise<Containers>, tell: Tell) {
    this.#containers = containers;
    this.#tell = tell;
    this.#queue = new EngineQueue(changes => tell(engineChanged, changes));
  }

  /** Looks for the engines of an environment, and tells from now on when others are there. */
  async list(env: Env): Promise<ResultOf<typeof listEndpoints>> {
    const containers = await this.#containers();
    const found = containers.find(env, new Set(this.#watched.keys()));
    this.#found = new Map(found.endpoints.map(endpoint => [endpoint.id, endpoint]));
    this.#listed = { env, containers, text: JSON.stringify([found.endpoints, found.problems]) };
    this.#followMoved(containers);
    if (!this.#isClosed) this.#places ??= containers.watchPlaces(() => this.#look());
    this.#places?.watch(found.places);
    const endpoints = found.endpoints.map(endpoint => containers.told(endpoint));
    return { endpoints, looked: [...found.looked], problems: [...found.problems] };
  }

  /** The engine behind an endpoint that was listed. Throws HandrailError `notFound` where there is none. */
  async engine(id: string): Promise<Engine> {
    const endpoint = this.#found.get(id);
    if (endpoint !== undefined) return (await this.#containers()).engine(endpoint);
    throw new HandrailError('notFound', `There is no container engine ${id}: list them anew`, {
      endpoint: id,
    });
  }

  /** What tells where its engines are, and how it logs in at registries. */
  get environment(): Env {
    return this.#listed?.env ?? {};
  }

  async watch(id: string, kinds: readonly RowKind[]): Promise<void> {
    const engine = await this.engine(id);
    if (this.#isClosed) return;
    const watched = this.#watched.get(id) ?? this.#begin(id, engine);
    for (const kind of kinds) watched.kinds.add(kind);
    watched.watch.add(kinds);
  }

  unwatch(id: string): void {
    const watched = this.#watched.get(id);
    this.#watched.delete(id);
    this.#queue.forget(id);
    watched?.stats?.close();
    watched?.watch.close();
  }

  /** The containers whose use of the machine is told from now on. */
  watchStats(id: string, containers: readonly string[], isSlow: () => boolean): void {
    const watched = this.#watched.get(id);
    if (watched === undefined)
      throw new HandrailError('invalidState', 'Only an engine that is watched tells usage', { endpoint: id });
    watched.stats ??= watched.engine.stats.watch(stats => {
      if (!isSlow()) this.#tell(statsChanged, { endpoint: id, stats });
    });
    watched.stats.want(containers);
  }

  acknowledge(number: number): void {
    this.#queue.acknowledge(number);
  }

  close(): void {
    this.#isClosed = true;
    for (const id of [...this.#watched.keys()]) this.unwatch(id);
    this.#queue.close();
    this.#places?.close();
  }

  #begin(id: string, engine: Engine): Watched {
    const watch = engine.live.watch({
      state: state => this.#queue.state(id, state),
      rows: change => this.#queue.rows(id, change),
    });
    const watched: Watched = { engine, watch, kinds: new Set() };
    this.#watched.set(id, watched);
    return watched;
  }

  /** An endpoint's description may have changed while it is watched: then it is another engine. */
  #followMoved(containers: Containers): void {
    for (const [id, { engine, kinds }] of this.#watched) {
      const endpoint = this.#found.get(id);
      if (endpoint !== undefined && containers.engine(endpoint) === engine) continue;
      this.unwatch(id);
      if (endpoint !== undefined) this.#begin(id, containers.engine(endpoint)).watch.add([...kinds]);
    }
  }

  #look(): void {
    if (this.#listed === undefined) return;
    const { env, containers, text } = this.#listed;
    const found = containers.find(env, new Set(this.#watched.keys()));
    this.#places?.watch(found.places);
    const now = JSON.stringify([found.endpoints, found.problems]);
    if (now === text) return;
    this.#listed = { env, containers, text: now };
    this.#tell(endpointsChanged, {});
  }
}
