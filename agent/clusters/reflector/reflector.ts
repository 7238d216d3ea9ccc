import type { Column, ClusterRow, TableState } from '../../protocol/clusters';
import { ApiRefusal } from '../api/apiRefusal';
import type { ClusterApi } from '../api/clusterApi';
import type { Trouble } from '../api/clusterUnusable';
import { hasHealth } from '../problems/healthOf';
import { askUnwell, type Unwell } from './askUnwell';
import { backoff, Pause } from './pause';
import { clusterRow, columnsOf, isWorthAsking } from './clusterRow';
import { listPages } from './listPages';
import type { KubeObject, ServerRow, ServerTable } from './serverTable';
import { type RowChange, TableRows } from './tableRows';
import { type WatchEvent, watchEvents } from './watchEvents';

/** What is reflected, and who is told. */
export interface Reflected {
  readonly api: ClusterApi;
  /** `pods`, `deployments.apps`. */
  readonly kind: string;
  /** `/api/v1/namespaces/shop/pods`. */
  readonly path: string;
  /** Of one object: its namespace and name are in its row. */
  readonly pathOf: (row: ClusterRow) => string;
  readonly isWatchable: boolean;
  readonly told: (news: TableNews) => void;
  /** The way to the cluster is lost. Resolves when it is there again; `failed` is told why it is not. */
  readonly lost: (failed: (trouble: Trouble) => void) => Promise<void>;
  /** Gets bugs. */
  readonly report: (error: unknown) => void;
  /** Milliseconds without a byte after which a watch is doubted (75,000). */
  readonly silence?: number;
}

/** What is new of a table. */
export interface TableNews extends Partial<RowChange> {
  readonly state?: TableState;
  readonly columns?: readonly Column[];
  readonly reset?: boolean;
  readonly complete?: boolean;
  readonly more?: number;
}

const usualSilence = 75_000;
/** Milliseconds after which a watch counts as good. */
const settled = 5000;
/** Milliseconds until what is forbidden, or not there, is tried again by itself. */
const rarely = 300_000;
/** Milliseconds between two lists of what cannot be watched. */
const relisted = 30_000;
/** Milliseconds that a break may last before it is told. */
const blip = 1000;

/** Keeps the rows of one kind up to date: lists, watches, and begins again as much as need be after whatever goes wrong. */
export class Reflector {
  readonly #reflected: Reflected;
  readonly #rows = new TableRows();
  readonly #life = new AbortController();
  readonly #pause = new Pause();
  #columns: readonly Column[] = [];
  #state: TableState = { kind: 'loading', since: Date.now() };
  #version: string | undefined;
  #failures = 0;
  #isComplete = false;

  constructor(reflected: Reflected) {
    this.#reflected = reflected;
    this.#run().catch(reflected.report);
  }

  /** All that is known, for one who begins to watch. */
  get known(): TableNews {
    return {
      state: this.#state,
      columns: this.#columns,
      reset: true,
      complete: this.#isComplete,
      rows: this.#rows.all,
      gone: [],
      ...(this.#rows.more > 0 && { more: this.#rows.more }),
    };
  }

  /** Tries again at once what waits to be tried again. */
  retry(): void {
    this.#failures = 0;
    this.#pause.end();
  }

  close(): void {
    this.#life.abort();
    this.#pause.end();
    this.#rows.clear();
  }

  get #isOver(): boolean {
    return this.#life.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const begun = performance.now();
      try {
        if (this.#version === undefined) await this.#list();
        if (!this.#reflected.isWatchable) await this.#waitForNextList();
        else await this.#watch();
        this.#failures = performance.now() - begun > settled ? 0 : this.#failures + 1;
        if (this.#failures > 1) await this.#pause.wait(backoff(this.#failures));
      } catch (error) {
        if (this.#isOver) return;
        this.#failures = performance.now() - begun > settled ? 1 : this.#failures + 1;
        await this.#failed(error);
      }
    }
  }

  async #list(): Promise<void> {
    const { api, kind, path, pathOf } = this.#reflected;
    const { signal } = this.#life;
    const unwell: Unwell[] = [];
    let version: string | undefined;
    this.#rows.beginList();
    for await (const page of listPages(api, path, signal)) {
      if (signal.aborted) return;
      // All pages are of the version of the first.
      version ??= page.metadata?.resourceVersion;
      this.#takePage(page, unwell);
    }
    const gone = this.#rows.endList();
    const isFirst = !this.#isComplete;
    this.#isComplete = true;
    const { more } = this.#rows;
    this.#tell({ rows: [], gone, complete: isFirst, ...(more > 0 && { more }) });
    this.#setLive();
    this.#version = version ?? '0';
    if (unwell.length === 0 || !hasHealth(kind)) return;
    const take = (each: Unwell, object: KubeObject): void => this.#refine(each, object);
    // Meanwhile the watch begins: what it tells is newer.
    askUnwell({ api, pathOf, signal }, unwell, take).catch((error: unknown) => {
      if (!signal.aborted && api.troubleOf(error) === undefined) this.#reflected.report(error);
    });
  }

  #takePage(page: ServerTable, unwell: Unwell[]): void {
    this.#takeColumns(page);
    const rows: ClusterRow[] = [];
    for (const printed of page.rows ?? []) {
      const row = this.#row(printed, false);
      if (row === undefined) continue;
      const version = printed.object?.metadata?.resourceVersion ?? '';
      if (!this.#rows.put(row, version)) continue;
      rows.push(row);
      if (isWorthAsking(row)) unwell.push({ row, printed, version });
    }
    if (rows.length > 0) this.#tell({ rows, gone: [] });
  }

  #refine({ printed, version }: Unwell, object: KubeObject): void {
    const row = this.#row({ cells: printed.cells, object }, true);
    const isSame = object.metadata?.resourceVersion === version;
    if (row === undefined || !isSame || this.#isOver || !this.#rows.refine(row, version)) return;
    this.#tell({ rows: [row], gone: [] });
  }

  async #watch(): Promise<void> {
    const { api, kind, path, silence = usualSilence } = this.#reflected;
    const watched = {
      api,
      path,
      silence,
      version: this.#version ?? '0',
      isWhole: hasHealth(kind),
      signal: this.#life.signal,
      opened: () => this.#setLive(),
    };
    for await (const events of watchEvents(watched)) {
      if (this.#isOver) return;
      this.#take(events);
    }
  }

  #take(events: readonly WatchEvent[]): void {
    const rows = new Map<string, ClusterRow>();
    const gone = new Set<string>();
    let last = this.#version;
    for (const { type, table, version } of events) {
      if (version !== undefined) last = version;
      if (type === 'BOOKMARK') continue;
      this.#takeColumns(table);
      for (const printed of table.rows ?? []) {
        const row = this.#row(printed, true);
        if (row === undefined) continue;
        if (type === 'DELETED') {
          rows.delete(row.uid);
          if (this.#rows.remove(row.uid)) gone.add(row.uid);
        } else if (this.#rows.put(row, printed.object?.metadata?.resourceVersion ?? '')) {
          rows.set(row.uid, row);
          gone.delete(row.uid);
        }
      }
    }
    // Only what was taken is not asked for again.
    this.#version = last;
    if (rows.size > 0 || gone.size > 0) this.#tell({ rows: [...rows.values()], gone: [...gone] });
  }

  #row(printed: ServerRow, isWhole: boolean): ClusterRow | undefined {
    const { kind } = this.#reflected;
    return clusterRow(printed, { kind, columns: this.#columns, now: Date.now() }, isWhole && hasHealth(kind));
  }

  /** A watch names them with its first event only. */
  #takeColumns(table: ServerTable): void {
    const columns = columnsOf(table);
    if (columns.length === 0 || JSON.stringify(columns) === JSON.stringify(this.#columns)) return;
    this.#columns = columns;
    this.#tell({ columns, rows: [], gone: [] });
  }

  async #failed(error: unknown): Promise<void> {
    const { api, report, lost, path } = this.#reflected;
    const trouble = api.troubleOf(error);
    if (trouble === undefined) {
      // What it did not understand is read anew.
      this.#version = undefined;
      report(error);
    }
    const status = error instanceof ApiRefusal ? error.status : 0;
    const message = trouble?.message ?? `${path}: ${String(error)}`;
    const isListing = this.#version === undefined;
    if (status === 410) {
      this.#version = undefined;
      return this.#failures > 1 ? this.#pause.wait(backoff(this.#failures)) : undefined;
    }
    if (status === 403) return this.#refused(isListing ? 'list' : 'watch', message, trouble?.hint);
    if (status === 404) return this.#missing(message);
    if ((status === 0 || status === 401) && trouble !== undefined) {
      await this.#untilFound(trouble, lost);
      return this.#failures > 1 ? this.#pause.wait(backoff(this.#failures)) : undefined;
    }
    const wait = trouble?.retryAfter ?? backoff(this.#failures);
    const { trouble: kind = 'other', hint } = trouble ?? {};
    this.#fail({ trouble: kind, message, ...(hint !== undefined && { hint }) }, Date.now() + wait);
    return this.#pause.wait(wait);
  }

  /** What is over soon is not told. */
  async #untilFound(trouble: Trouble, lost: Reflected['lost']): Promise<void> {
    const isNew = this.#state.kind !== 'live';
    const timer = setTimeout(() => this.#isOver || this.#fail(trouble), isNew ? 0 : blip);
    const failed = (why: Trouble): void => {
      clearTimeout(timer);
      this.#fail(why);
    };
    try {
      await Promise.race([lost(failed), this.#pause.wait(Infinity)]);
    } finally {
      clearTimeout(timer);
      this.#pause.end();
    }
  }

  #refused(verb: string, message: string, hint: string | undefined): Promise<void> {
    if (verb === 'list') this.#drop();
    const since = Date.now();
    this.#setState({ kind: 'forbidden', verb, message, since, ...(hint !== undefined && { hint }) });
    return this.#pause.wait(rarely);
  }

  #missing(message: string): Promise<void> {
    this.#drop();
    this.#version = undefined;
    this.#setState({ kind: 'gone', message, since: Date.now() });
    return this.#pause.wait(rarely);
  }

  #drop(): void {
    this.#rows.clear();
    this.#isComplete = false;
    this.#tell({ rows: [], gone: [], reset: true });
  }

  async #waitForNextList(): Promise<void> {
    await this.#pause.wait(relisted);
    this.#version = undefined;
  }

  #fail({ trouble, message, hint }: Trouble, retryAt?: number): void {
    const before = this.#state;
    const isSame = before.kind === 'failed' && before.trouble === trouble && before.message === message;
    if (isSame && retryAt === undefined) return;
    const since = before.kind === 'failed' ? before.since : Date.now();
    const more = { ...(hint !== undefined && { hint }), ...(retryAt !== undefined && { retryAt }) };
    this.#setState({ kind: 'failed', trouble, message, since, ...more });
  }

  #setLive(): void {
    if (this.#state.kind !== 'live') this.#setState({ kind: 'live', since: Date.now() });
  }

  #setState(state: TableState): void {
    this.#state = state;
    this.#tell({ state, rows: [], gone: [] });
  }

  #tell(news: TableNews): void {
    if (!this.#isOver) this.#reflected.told(news);
  }
}
