import type { EngineRow, RowKind } from '../../protocol/containers';
import type { EndpointState } from '../../protocol/endpoints';
import { socketPath } from '../endpoints/addresses';
import { WatchedPlaces } from '../../watchedPlaces';
import type { EngineConnection } from '../engine/connection';
import { EngineUnusable, type Trouble } from '../engine/trouble';
import { backoff, retries } from './backoff';
import { Following } from './following';
import { type RowChange, RowTable } from './rowTable';
import { SeenEvents } from './seenEvents';

/** Who is told of an engine: first its state, then all rows of each kind asked for, then what changes. */
export interface EngineObserver {
  state(state: EndpointState): void;
  /** `reset`: what was told of these kinds is void; `complete`: all that is there has been told. */
  rows(change: RowChange & { reset?: RowKind[]; complete?: RowKind[] }): void;
}

/** Somebody who watches an engine. */
export interface EngineWatch {
  /** Tells, from the beginning, of these kinds. */
  add(kinds: readonly RowKind[]): void;
  close(): void;
}

interface Watcher {
  readonly observer: EngineObserver;
  readonly kinds: Set<RowKind>;
}

/** Milliseconds that an engine is kept after the last one who watched it. */
const usualLinger = 60_000;
/** Milliseconds after which a connection counts as good. */
const settled = 5000;

/** An engine's state and rows, up to date while somebody watches. Nothing is polled. */
export class LiveEngine {
  readonly #connection: EngineConnection;
  readonly #linger: number;
  readonly #report: (error: unknown) => void;
  readonly #watchers = new Set<Watcher>();
  #table = new RowTable();
  #seen = new SeenEvents();
  #complete = new Set<RowKind>();
  #state: EndpointState = { kind: 'idle' };
  #life: AbortController | undefined;
  #following: Following | undefined;
  #wake: () => void = () => undefined;
  #letGo: NodeJS.Timeout | undefined;
  #isChecking = false;

  /** `report` gets bugs. `linger`: milliseconds that it stays connected after the last one who watched. */
  constructor(connection: EngineConnection, report: (error: unknown) => void, linger = usualLinger) {
    this.#connection = connection;
    this.#report = report;
    this.#linger = linger;
    connection.onTrouble = trouble => void this.#check(trouble);
  }

  get state(): EndpointState {
    return this.#state;
  }

  /** What is known of a kind; nothing while nobody watches it. */
  rows(kind: RowKind): readonly EngineRow[] {
    return this.#table.rows(kind);
  }

  watch(observer: EngineObserver): EngineWatch {
    const watcher: Watcher = { observer, kinds: new Set() };
    this.#watchers.add(watcher);
    clearTimeout(this.#letGo);
    if (this.#life === undefined) this.#begin();
    observer.state(this.#state);
    return {
      add: kinds => this.#add(watcher, kinds),
      close: () => this.#remove(watcher),
    };
  }

  /** Tries a failed endpoint again at once. */
  retry(): void {
    if (this.#state.kind === 'failed' && this.#life !== undefined) {
      this.#setState({ kind: 'connecting', since: Date.now() });
      this.#wake();
    }
  }

  /** Lets go of the engine. What is under way with it goes on to its end. */
  close(): void {
    clearTimeout(this.#letGo);
    this.#life?.abort();
    this.#life = undefined;
    this.#wake();
    this.#following?.fail(new Error('let go'));
    this.#following = undefined;
    this.#connection.release();
    this.#table = new RowTable();
    this.#seen = new SeenEvents();
    this.#complete = new Set();
    this.#setState({ kind: 'idle' });
  }

  #add(watcher: Watcher, kinds: readonly RowKind[]): void {
    for (const kind of kinds) watcher.kinds.add(kind);
    const rows = kinds.flatMap(kind => this.#table.rows(kind));
    const complete = kinds.filter(kind => this.#complete.has(kind));
    watcher.observer.rows({ rows, gone: [], reset: [...kinds], complete });
    for (const kind of kinds) this.#following?.want(kind);
  }

  #remove(watcher: Watcher): void {
    if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
    this.#letGo = setTimeout(() => this.close(), this.#linger);
    this.#letGo.unref();
  }

  #begin(): void {
    this.#life = new AbortController();
    this.#setState({ kind: 'connecting', since: Date.now() });
    this.#live(this.#life.signal).catch(this.#report);
  }

  async #live(life: AbortSignal): Promise<void> {
    let failures = 0;
    while (!life.aborted) {
      const begun = performance.now();
      try {
        await this.#follow(life);
        if (life.aborted) return;
        this.#setState({ kind: 'connecting', since: Date.now() });
        failures = performance.now() - begun > settled ? 0 : failures + 1;
        await this.#pause(failures === 0 ? 0 : backoff(failures, this.#isLocal));
      } catch (error) {
        if (life.aborted) return;
        failures = performance.now() - begun > settled && this.#state.kind === 'connected' ? 1 : failures + 1;
        const trouble = this.#troubleOf(error);
        const wait = retries(trouble.trouble) ? backoff(failures, this.#isLocal) : Infinity;
        this.#setState(this.#failed(trouble, wait));
        await this.#pause(wait);
      }
      if (!life.aborted) this.#connection.release();
    }
  }

  async #follow(life: AbortSignal): Promise<void> {
    // It is come to once for each time that somebody wants it.
    this.#connection.allow();
    const connected = await this.#connection.connect();
    life.throwIfAborted();
    const following = new Following({
      connected,
      table: this.#table,
      seen: this.#seen,
      changed: change => this.#tell(change),
      listed: kind => this.#listed(kind),
    });
    this.#following = following;
    const { api } = connected.greeting;
    const identity = connected.identify();
    identity.catch(() => undefined);
    const wanted = new Set([...this.#watchers].flatMap(({ kinds }) => [...kinds]));
    try {
      await following.run(wanted, async () => {
        const { engine, version, host } = await identity;
        for (const { kinds } of this.#watchers) for (const kind of kinds) following.want(kind);
        this.#setState({ kind: 'connected', since: Date.now(), engine, version, api, host });
      });
    } finally {
      if (this.#following === following) this.#following = undefined;
    }
  }

  #tell({ rows, gone }: RowChange): void {
    for (const { observer, kinds } of this.#watchers) {
      const own = {
        rows: rows.filter(row => kinds.has(row.kind)),
        gone: gone.filter(({ kind }) => kinds.has(kind)),
      };
      if (own.rows.length > 0 || own.gone.length > 0) observer.rows(own);
    }
  }

  #listed(kind: RowKind): void {
    if (this.#complete.has(kind)) return;
    this.#complete.add(kind);
    for (const { observer, kinds } of this.#watchers) {
      if (kinds.has(kind)) observer.rows({ rows: [], gone: [], complete: [kind] });
    }
  }

  #setState(state: EndpointState): void {
    this.#state = state;
    for (const { observer } of this.#watchers) observer.state(state);
  }

  #failed({ trouble, message, hint }: Trouble, wait: number): EndpointState {
    const before = this.#state;
    const since = before.kind === 'failed' ? before.since : Date.now();
    const retry = Number.isFinite(wait) && { retryAt: Date.now() + wait };
    return { kind: 'failed', trouble, message, ...(hint !== undefined && { hint }), since, ...retry };
  }

  #troubleOf(error: unknown): Trouble {
    const worded = this.#connection.worded(error);
    if (worded instanceof EngineUnusable) return worded.trouble;
    if ((worded as { statusCode?: number }).statusCode === undefined) this.#report(error);
    return { trouble: 'other', message: worded.message };
  }

  /** A socket that comes back is seen at once. */
  async #pause(ms: number): Promise<void> {
    const socket = socketPath(this.#connection.endpoint.address);
    const woken = Promise.withResolvers<void>();
    this.#wake = () => woken.resolve();
    const timer = Number.isFinite(ms) ? setTimeout(this.#wake, ms) : undefined;
    const places = new WatchedPlaces(this.#wake, this.#report);
    if (socket !== undefined && ms > 500) places.watch([socket]);
    await woken.promise;
    clearTimeout(timer);
    places.close();
  }

  /** Somebody's request got no answer: is it the engine, or this one request? */
  async #check(trouble: Trouble): Promise<void> {
    const following = this.#following;
    if (following === undefined || this.#isChecking || trouble.trouble !== 'silent') return;
    this.#isChecking = true;
    try {
      const { docker } = await this.#connection.connect();
      const options = { abortSignal: AbortSignal.timeout(3000) };
      await (docker as { ping(options: object): Promise<unknown> }).ping(options);
    } catch (error) {
      following.fail(new EngineUnusable(this.#connection.endpoint, trouble, error));
    } finally {
      this.#isChecking = false;
    }
  }

  get #isLocal(): boolean {
    return socketPath(this.#connection.endpoint.address) !== undefined;
  }
}
