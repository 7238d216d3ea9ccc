import type { ContextState } from '../../protocol/contexts';
import { HandrailError } from '../../protocol/errors';
import { ApiRefusal } from '../api/apiRefusal';
import { ClusterApi } from '../api/clusterApi';
import type { Trouble } from '../api/clusterUnusable';
import { isLoopback } from '../api/openAgent';
import type { FoundContext } from '../contexts/foundContext';
import { backoff, Pause } from '../reflector/pause';
import type { TableNews } from '../reflector/reflector';
import { followDefinitions } from './followDefinitions';
import { type Discovered, discoverKinds } from './discoverKinds';
import { knownKinds, type KindPath } from './knownKinds';
import { LiveTable } from './liveTable';

/** Who is told of a cluster: first its state and what kinds are known, then what changes. */
export interface ClusterObserver {
  state(state: ContextState): void;
  kinds(found: Discovered): void;
}

/** Milliseconds that a cluster is kept after the last one who watched it. */
const usualLinger = 60_000;
/** Milliseconds until the server must have said which version it is. */
const greeting = 10_000;

/** A cluster's state, kinds and tables, up to date while somebody watches. Nothing is polled. */
export class LiveCluster {
  readonly context: FoundContext;
  readonly api: ClusterApi;
  readonly #linger: number;
  readonly #report: (error: unknown) => void;
  readonly #observers = new Set<ClusterObserver>();
  readonly #tables = new Map<string, LiveTable>();
  readonly #pause = new Pause();
  #state: ContextState = { kind: 'idle' };
  #life: AbortController | undefined;
  #found: Discovered | undefined;
  #discovering: Promise<Discovered> | undefined;
  #isFound = Promise.withResolvers<void>();
  #isLost = Promise.withResolvers<void>();
  #definitions: { close(): void } | undefined;
  #letGo: NodeJS.Timeout | undefined;
  readonly #losers = new Set<(trouble: Trouble) => void>();
  #isDoubted = false;
  #users = 0;

  /** `report` gets bugs. `linger`: milliseconds that all is kept after the last one who watched. */
  constructor(context: FoundContext, report: (error: unknown) => void, linger: number = usualLinger) {
    this.context = context;
    this.#report = report;
    this.#linger = linger;
    this.api = new ClusterApi(context, what => this.#waitsFor(what));
  }

  get state(): ContextState {
    return this.#state;
  }

  /** Connects, if that is not so already, and tells; until what is given back is called. */
  watch(observer: ClusterObserver): () => void {
    this.#observers.add(observer);
    const release = this.#use();
    observer.state(this.#state);
    if (this.#found !== undefined) observer.kinds(this.#found);
    return () => {
      this.#observers.delete(observer);
      release();
    };
  }

  /** Watches a kind; until what is given back is called. */
  watchTable(kind: string, namespace: string | undefined, told: (news: TableNews) => void): () => void {
    const release = this.#use();
    const key = JSON.stringify([kind, namespace]);
    const table = this.#tables.get(key) ?? this.#openTable(kind, namespace, key);
    const end = table.watch(told);
    return () => {
      end();
      release();
    };
  }

  /** Does something with the cluster, which is kept for a while after it. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    const release = this.#use();
    try {
      return await task();
    } finally {
      release();
    }
  }

  /** A kind by its id. Throws HandrailError `notFound` where the cluster has none of that name. */
  async kind(id: string): Promise<KindPath> {
    const known = this.#found?.kinds.find(each => each.id === id) ?? knownKinds.get(id);
    if (known !== undefined) return known;
    const found = (await this.discover()).kinds.find(each => each.id === id);
    if (found !== undefined) return found;
    throw new HandrailError('notFound', `The cluster has no kind ${id}`, {
      context: this.context.id,
      kind: id,
    });
  }

  /** Asks the cluster for its kinds, and tells all who watch. Asked once at a time. */
  discover(): Promise<Discovered> {
    this.#discovering ??= discoverKinds(this.api, this.#life?.signal)
      .then(found => {
        const isSame = JSON.stringify(found) === JSON.stringify(this.#found);
        this.#found = found;
        if (!isSame) this.#foundOthers(found);
        return found;
      })
      .finally(() => (this.#discovering = undefined));
    return this.#discovering;
  }

  /** Tries again at once what failed, and asks for credentials anew. */
  retry(): void {
    this.api.credentials.renew();
    if (this.#state.kind === 'failed' && this.#life !== undefined)
      this.#setState({ kind: 'connecting', since: Date.now() });
    this.#pause.end();
    if (this.#state.kind === 'connected') this.#discoverAgain();
    for (const table of this.#tables.values()) table.retry();
  }

  /** Lets go of the cluster. */
  close(): void {
    clearTimeout(this.#letGo);
    this.#life?.abort();
    this.#life = undefined;
    for (const table of this.#tables.values()) table.close();
    this.#tables.clear();
    this.#definitions?.close();
    this.#definitions = undefined;
    this.#pause.end();
    this.#isLost.resolve();
    this.api.close();
    this.#found = undefined;
    this.#setState({ kind: 'idle' });
  }

  #use(): () => void {
    this.#users += 1;
    clearTimeout(this.#letGo);
    if (this.#life === undefined) this.#begin();
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.#users -= 1;
      if (this.#users > 0 || this.#life === undefined) return;
      this.#letGo = setTimeout(() => this.close(), this.#linger);
      this.#letGo.unref();
    };
  }

  #openTable(kind: string, namespace: string | undefined, key: string): LiveTable {
    const table = new LiveTable({
      api: this.api,
      kind,
      namespace,
      find: () => this.kind(kind),
      lost: failed => this.#lost(failed),
      left: () => this.#tables.get(key) === table && this.#tables.delete(key),
      report: this.#report,
      linger: this.#linger,
    });
    this.#tables.set(key, table);
    return table;
  }

  #begin(): void {
    this.#isDoubted = false;
    this.#life = new AbortController();
    this.#isFound = Promise.withResolvers();
    this.#setState({ kind: 'connecting', since: Date.now() });
    this.#live(this.#life.signal).catch(this.#report);
  }

  async #live(life: AbortSignal): Promise<void> {
    for (let failures = 0; !life.aborted;) {
      try {
        const version = await this.#greet(life);
        if (life.aborted) return;
        failures = 0;
        this.#isDoubted = false;
        this.#isLost = Promise.withResolvers();
        if (this.#state.kind !== 'connected')
          this.#setState({ kind: 'connected', since: Date.now(), version });
        if (this.#found === undefined) this.#discoverAgain();
        this.#isFound.resolve();
        await this.#isLost.promise;
      } catch (error) {
        if (life.aborted) return;
        failures += 1;
        await this.#failed(error, failures);
      }
    }
  }

  /** The version of the server, which nearly everybody may know. */
  async #greet(signal: AbortSignal): Promise<string> {
    if (this.context.invalid !== undefined) throw new Invalid(this.context.invalid);
    try {
      const { gitVersion } = await this.api.json<{ gitVersion?: string }>({
        path: '/version',
        deadline: greeting,
        signal,
      });
      return gitVersion ?? 'unknown';
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 403) return 'unknown';
      throw error;
    }
  }

  async #failed(error: unknown, failures: number): Promise<void> {
    const found = error instanceof Invalid ? error.trouble : this.api.troubleOf(error);
    if (found === undefined) this.#report(error);
    const { trouble, message, hint, retryAfter }: Trouble = found ?? {
      trouble: 'other',
      message: String(error),
    };
    for (const each of this.#losers) each({ trouble, message, ...(hint !== undefined && { hint }) });
    const wait = retries.has(trouble)
      ? (retryAfter ?? backoff(failures, this.#isLocal ? 10_000 : 60_000))
      : Infinity;
    const since = this.#state.kind === 'failed' ? this.#state.since : Date.now();
    this.#setState({
      kind: 'failed',
      trouble,
      message,
      ...(hint !== undefined && { hint }),
      since,
      ...(Number.isFinite(wait) && { retryAt: Date.now() + wait }),
    });
    await this.#pause.wait(wait);
  }

  /** A table lost the server: is it the cluster, or this one table? Resolves when the cluster is there. */
  async #lost(failed: (trouble: Trouble) => void): Promise<void> {
    if (this.#state.kind === 'connected' && !this.#isDoubted) {
      this.#isDoubted = true;
      this.#isFound = Promise.withResolvers();
      this.#isLost.resolve();
    }
    this.#losers.add(failed);
    try {
      await this.#isFound.promise;
    } finally {
      this.#losers.delete(failed);
    }
  }

  /** A table of a kind that was not there may be one now. */
  #foundOthers(found: Discovered): void {
    for (const observer of this.#observers) observer.kinds(found);
    for (const table of this.#tables.values()) table.retry();
    if (this.#life === undefined) return;
    const { api } = this;
    const parts = { api, report: this.#report, lost: (failed: (why: Trouble) => void) => this.#lost(failed) };
    this.#definitions ??= followDefinitions(parts, () => this.#discoverAgain());
  }

  #discoverAgain(): void {
    if (this.#life !== undefined) this.discover().catch((error: unknown) => this.#unknown(error));
  }

  #unknown(error: unknown): void {
    if (this.#life !== undefined && this.api.troubleOf(error) === undefined) this.#report(error);
  }

  #waitsFor(what: string | undefined): void {
    const state = this.#state;
    if (state.kind !== 'connecting' || state.waitsFor === what) return;
    this.#setState({ kind: 'connecting', since: state.since, ...(what !== undefined && { waitsFor: what }) });
  }

  get #isLocal(): boolean {
    const { server } = this.context.cluster;
    return URL.canParse(server) && isLoopback(new URL(server).hostname);
  }

  #setState(state: ContextState): void {
    this.#state = state;
    for (const observer of this.#observers) observer.state(state);
  }
}

/** Troubles where trying again may help by itself. A login that is refused again and again locks accounts. */
const retries: ReadonlySet<Trouble['trouble']> = new Set([
  'notThere',
  'refused',
  'tls',
  'silent',
  'busy',
  'version',
  'forbidden',
  'other',
]);

class Invalid extends Error {
  readonly trouble: Trouble;

  constructor(invalid: NonNullable<FoundContext['invalid']>) {
    super(invalid.message);
    this.trouble = { trouble: 'invalid', ...invalid };
  }
}
