import { ApiRefusal } from '../api/apiRefusal';
import type { Ask } from '../api/clusterApi';
import type { LiveCluster } from '../live/liveCluster';
import { backoff, Pause } from '../reflector/pause';
import type { KubeObject } from '../reflector/serverTable';
import { watchEvents } from '../reflector/watchEvents';

/** Which pods of a namespace. */
export interface PodSelection {
  readonly namespace: string;
  readonly query: Readonly<Record<string, string>>;
  /** What of these: all if absent. */
  readonly is?: (pod: KubeObject) => boolean;
}

/** What is told of pods. */
export interface PodNews {
  readonly pods?: readonly KubeObject[];
  readonly gone?: readonly KubeObject[];
  /** All that are there have been told. */
  readonly complete?: boolean;
  /** Why nothing can be told for now; null: it can again. */
  readonly trouble?: string | null;
}

/** Milliseconds without a byte after which the server is asked whether it is there. */
const silence = 30_000;

/** Tells of some pods, whole, what they are and become, over whatever goes wrong on the way. */
export class PodWatch {
  readonly #cluster: LiveCluster;
  readonly #selection: PodSelection;
  readonly #told: (news: PodNews) => void;
  readonly #known = new Map<string, KubeObject>();
  readonly #life = new AbortController();
  readonly #pause = new Pause();
  readonly #release: () => void;
  #version: string | undefined;
  #hasTrouble = false;

  /** `report` gets bugs. */
  constructor(
    cluster: LiveCluster,
    selection: PodSelection,
    told: (news: PodNews) => void,
    report: (error: unknown) => void,
  ) {
    this.#cluster = cluster;
    this.#selection = selection;
    this.#told = told;
    // It is kept, and tells when it is there again.
    this.#release = cluster.watch({
      state: ({ kind }) => kind === 'connected' && this.#pause.end(),
      kinds: () => undefined,
    });
    this.#run().catch(report);
  }

  close(): void {
    this.#life.abort();
    this.#pause.end();
    this.#release();
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#life.signal.aborted;) {
      const begun = performance.now();
      try {
        if (this.#version === undefined) await this.#list();
        await this.#watch();
        failures = performance.now() - begun > 5000 ? 0 : failures + 1;
        if (failures > 1) await this.#pause.wait(backoff(failures, 10_000));
      } catch (error) {
        if (this.#life.signal.aborted) return;
        failures = performance.now() - begun > 5000 ? 1 : failures + 1;
        await this.#failed(error, failures);
      }
    }
  }

  async #list(): Promise<void> {
    const { path, query } = this.#place;
    const pods: KubeObject[] = [];
    let from: string | undefined;
    let version: string | undefined;
    do {
      const page = await this.#cluster.api.json<PodList>({
        path,
        query: { ...query, limit: 500, continue: from },
        signal: this.#life.signal,
      });
      version ??= page.metadata?.resourceVersion;
      pods.push(...(page.items ?? []));
      from = page.metadata?.continue || undefined;
    } while (from !== undefined);
    this.#version = version ?? '0';
    this.#takeAll(pods.filter(pod => this.#isWanted(pod)));
  }

  #takeAll(pods: readonly KubeObject[]): void {
    const now = new Set(pods.map(({ metadata }) => metadata?.uid ?? ''));
    const gone = [...this.#known].filter(([uid]) => !now.has(uid));
    for (const [uid] of gone) this.#known.delete(uid);
    for (const pod of pods) this.#known.set(pod.metadata?.uid ?? '', pod);
    this.#tell({ pods, gone: gone.map(([, pod]) => pod), complete: true });
  }

  async #watch(): Promise<void> {
    const { path, query } = this.#place;
    const watched = {
      api: this.#cluster.api,
      ...{ path, query, silence },
      version: this.#version ?? '0',
      isWhole: true,
      signal: this.#life.signal,
      opened: () => this.#tell({}),
    };
    for await (const events of watchEvents(watched)) {
      for (const { type, table, version } of events) {
        if (version !== undefined) this.#version = version;
        if (type === 'BOOKMARK') continue;
        for (const { object } of table.rows ?? []) if (object !== undefined) this.#take(type, object);
      }
    }
  }

  #take(type: string, pod: KubeObject): void {
    const uid = pod.metadata?.uid ?? '';
    if (type === 'DELETED') {
      if (this.#known.delete(uid)) this.#tell({ gone: [pod] });
    } else if (this.#isWanted(pod)) {
      this.#known.set(uid, pod);
      this.#tell({ pods: [pod] });
    }
  }

  async #failed(error: unknown, failures: number): Promise<void> {
    const trouble = this.#cluster.api.troubleOf(error);
    if (trouble === undefined) throw error;
    const isTooOld = error instanceof ApiRefusal && error.status === 410;
    if (error instanceof ApiRefusal) this.#version = undefined;
    if (!isTooOld) {
      this.#hasTrouble = true;
      this.#told({ trouble: trouble.message });
    }
    await this.#pause.wait(trouble.retryAfter ?? (isTooOld ? 0 : backoff(failures, 10_000)));
  }

  #tell(news: PodNews): void {
    if (this.#life.signal.aborted) return;
    this.#told({ ...news, ...(this.#hasTrouble && { trouble: null }) });
    this.#hasTrouble = false;
  }

  #isWanted(pod: KubeObject): boolean {
    return this.#selection.is?.(pod) ?? true;
  }

  get #place(): { path: string; query: NonNullable<Ask['query']> } {
    const { namespace, query } = this.#selection;
    return { path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, query };
  }
}

interface PodList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubeObject[];
}
