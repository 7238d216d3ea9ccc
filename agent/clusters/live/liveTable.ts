import type { ClusterApi } from '../api/clusterApi';
import { Reflector, type Reflected, type TableNews } from '../reflector/reflector';
import { type KindPath, pathOf } from './knownKinds';

interface Parts extends Pick<Reflected, 'lost' | 'report'> {
  readonly api: ClusterApi;
  readonly kind: string;
  readonly namespace: string | undefined;
  /** Throws where the cluster has no such kind, or cannot be asked. */
  readonly find: () => Promise<KindPath>;
  /** Nobody has watched it for a while: it has ended. */
  readonly left: () => void;
  /** Milliseconds. */
  readonly linger: number;
}

/** One kind in one namespace or all, for all who watch it. */
export class LiveTable {
  readonly #parts: Parts;
  readonly #watchers = new Set<(news: TableNews) => void>();
  #reflector: Reflector | undefined;
  #failure: TableNews | undefined;
  #letGo: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#open().catch(parts.report);
  }

  /** Tells all that is known, then what changes; until what is given back is called. */
  watch(told: (news: TableNews) => void): () => void {
    clearTimeout(this.#letGo);
    this.#watchers.add(told);
    told(this.#reflector?.known ?? this.#failure ?? loading());
    return () => this.#remove(told);
  }

  retry(): void {
    if (this.#reflector === undefined) this.#open().catch(this.#parts.report);
    else this.#reflector.retry();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#letGo);
    this.#reflector?.close();
    this.#parts.left();
  }

  #remove(told: (news: TableNews) => void): void {
    if (!this.#watchers.delete(told) || this.#watchers.size > 0 || this.#isClosed) return;
    this.#letGo = setTimeout(() => this.close(), this.#parts.linger);
    this.#letGo.unref();
  }

  async #open(): Promise<void> {
    const { api, kind, namespace, lost, report } = this.#parts;
    const found = await this.#find();
    if (found === undefined || this.#isClosed || this.#reflector !== undefined) return;
    this.#failure = undefined;
    this.#reflector = new Reflector({
      api,
      kind,
      path: pathOf(found, { namespace }),
      pathOf: row => pathOf(found, { namespace: row.namespace, name: row.name }),
      isWatchable: found.verbs.includes('watch'),
      told: news => this.#tell(news),
      lost,
      report,
    });
  }

  /** Undefined, and told, where there is no such kind, or nobody to ask. */
  async #find(): Promise<KindPath | undefined> {
    const { api, find, lost } = this.#parts;
    while (!this.#isClosed) {
      try {
        return await find();
      } catch (error) {
        const since = Date.now();
        const trouble = api.troubleOf(error);
        if (trouble === undefined) {
          this.#fail({ kind: 'gone', message: (error as Error).message, since });
          return undefined;
        }
        const { trouble: why, message, hint } = trouble;
        this.#fail({ kind: 'failed', trouble: why, message, ...(hint !== undefined && { hint }), since });
        await lost(() => undefined);
      }
    }
    return undefined;
  }

  #fail(state: NonNullable<TableNews['state']>): void {
    this.#failure = { state, rows: [], gone: [], reset: true };
    this.#tell(this.#failure);
  }

  #tell(news: TableNews): void {
    for (const told of this.#watchers) told(news);
  }
}

function loading(): TableNews {
  return { state: { kind: 'loading', since: Date.now() }, rows: [], gone: [], reset: true };
}
