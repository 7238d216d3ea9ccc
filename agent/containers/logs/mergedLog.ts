import type { ContainerRow, EngineRow } from '../../protocol/containers';
import type { EndpointState } from '../../protocol/endpoints';
import type { LogLine, LogOf, LogSource } from '../../protocol/logs';
import type { EngineConnection } from '../engine/connection';
import type { EngineWatch, LiveEngine } from '../live/liveEngine';
import { ContainerLog, type Wanted } from './containerLog';
import { compareTimes } from './logPosition';

/** Some lines, and all sources where one is new or has another state. */
export interface LogNews {
  readonly lines: LogLine[];
  readonly sources?: LogSource[];
  /** Containers beyond {@link mostSources}; with `sources`. */
  readonly leftOut?: number;
  readonly ended: boolean;
}

/** Containers that are followed at the same time, at most. */
const mostSources = 200;
/** Lines and characters of one piece of news. */
const mostLines = 2000;
const mostSize = 256 * 1024;
/** Milliseconds between two pieces of news that are not full. */
const gap = 16;
/** Milliseconds that others are waited for, of what is new; and of what is older than so many milliseconds. */
const patience = 40;
const patienceWithOld = 600;
const old = 500;
/** Milliseconds that they are waited for whatever they do. */
const mostWait = 2000;

/** The logs of several containers of one engine as one, in order of their times as far as they come together. */
export class MergedLog {
  readonly #connection: EngineConnection;
  readonly #of: LogOf;
  readonly #wanted: Wanted;
  readonly #report: (error: unknown) => void;
  readonly #logs: ContainerLog[] = [];
  readonly #byId = new Map<string, ContainerLog>();
  readonly #leftOut = new Set<string>();
  readonly #listed = Promise.withResolvers<void>();
  readonly #watch: EngineWatch;
  #isListed = false;
  #hasSourceNews = true;
  #wake = Promise.withResolvers<void>();
  #isClosed = false;

  /** `report` gets bugs. */
  constructor(
    { connection, live }: { connection: EngineConnection; live: LiveEngine },
    { of, range }: { of: LogOf; range: Wanted },
    report: (error: unknown) => void,
  ) {
    this.#connection = connection;
    this.#of = of;
    this.#wanted = range;
    this.#report = report;
    if (of.kind === 'containers') for (const id of new Set(of.ids)) this.#add(id, id.slice(0, 12), range);
    this.#watch = live.watch({
      state: state => this.#reach(state),
      rows: ({ rows, gone, complete = [] }) => {
        this.#takeRows(rows, gone);
        if (complete.includes('container')) this.#list();
      },
    });
    this.#watch.add(['container']);
  }

  /** Resolves when all containers that are there at the beginning are known. */
  get listed(): Promise<void> {
    return this.#listed.promise;
  }

  get sources(): LogSource[] {
    return this.#logs.map(({ source }) => source);
  }

  /** Tells all there is and what comes, until there is no more or it is closed. `tell` resolves when it takes more. */
  async run(tell: (news: LogNews) => Promise<void>): Promise<void> {
    for (let isEnded = false; !isEnded && !this.#isClosed;) {
      await this.#somethingToTell();
      if (this.#isClosed) return;
      const { lines, isFull } = this.#take();
      const sources = this.#hasSourceNews ? this.sources : undefined;
      this.#hasSourceNews = false;
      isEnded = this.#isOver;
      if (lines.length === 0 && sources === undefined && !isEnded) continue;
      const leftOut = this.#leftOut.size;
      await tell({ lines, ended: isEnded, ...(sources && { sources, ...(leftOut > 0 && { leftOut }) }) });
      if (!isFull && !isEnded) await pause(gap);
    }
    this.close();
  }

  close(): void {
    this.#isClosed = true;
    this.#watch.close();
    for (const log of this.#logs) log.close();
    this.#wake.resolve();
    this.#listed.resolve();
  }

  #add(id: string, name: string, wanted: Wanted): void {
    if (this.#logs.length >= mostSources) {
      this.#hasSourceNews ||= !this.#leftOut.has(id);
      this.#leftOut.add(id);
      return;
    }
    const index = this.#logs.length;
    const log = new ContainerLog({ id, name, index }, this.#connection, wanted, isState => {
      this.#hasSourceNews ||= isState;
      this.#wake.resolve();
    });
    this.#logs.push(log);
    this.#byId.set(id, log);
    this.#hasSourceNews = true;
    log.follow().catch(this.#report);
  }

  #takeRows(rows: readonly EngineRow[], gone: readonly { readonly id: string }[]): void {
    for (const row of rows) {
      if (row.kind !== 'container') continue;
      const known = this.#byId.get(row.id) ?? this.#byShortId(row);
      if (known !== undefined) known.changed(row);
      else if (this.#isOf(row))
        this.#add(row.id, row.name, this.#isListed ? later(this.#wanted) : this.#wanted);
    }
    for (const { id } of gone) {
      this.#byId.get(id)?.changed(undefined);
      if (this.#leftOut.delete(id)) this.#hasSourceNews = true;
    }
  }

  /** People name containers by the beginnings of their ids, and by names. */
  #byShortId(row: ContainerRow): ContainerLog | undefined {
    if (this.#of.kind !== 'containers') return undefined;
    const log = this.#logs.find(({ id }) => id === row.name || (id.length >= 12 && row.id.startsWith(id)));
    if (log !== undefined) this.#byId.set(row.id, log);
    return log;
  }

  #isOf(row: ContainerRow): boolean {
    if (this.#of.kind !== 'project') return false;
    const { project, service } = this.#of;
    return row.project === project && (service === undefined || row.service === service);
  }

  #list(): void {
    this.#isListed = true;
    this.#listed.resolve();
    this.#wake.resolve();
  }

  #reach(state: EndpointState): void {
    for (const log of this.#logs) {
      if (state.kind === 'failed') log.unreachable(state.message);
      if (state.kind === 'connected') log.reachable();
    }
  }

  /** Of a project containers can still come. */
  get #isOver(): boolean {
    const isWhole = this.#of.kind === 'containers' || (!this.#wanted.follow && this.#isListed);
    return isWhole && this.#logs.every(log => log.isEnded && log.lines.length === 0);
  }

  async #somethingToTell(): Promise<void> {
    while (!this.#isClosed && !this.#hasSourceNews && !this.#isOver && !this.#hasLines) {
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
    if (this.#logs.length < 2) return pause(0);
    const end = performance.now() + mostWait;
    while (!this.#isClosed && performance.now() < end && this.#isAnyBehind) await pause(5);
  }

  get #hasLines(): boolean {
    return this.#logs.some(({ lines }) => lines.length > 0);
  }

  /** Whether somebody is about to tell lines that may be older. */
  get #isAnyBehind(): boolean {
    const first = this.#oldest()?.lines.first;
    if (first === undefined) return false;
    const isOld = Date.now() - Date.parse(first.time) > old;
    return this.#logs.some(log => log.isBehind(isOld ? patienceWithOld : patience));
  }

  /** The oldest lines of all, until enough, or until one has none left that may have older ones. */
  #take(): { lines: LogLine[]; isFull: boolean } {
    const lines: LogLine[] = [];
    let size = 0;
    while (lines.length < mostLines && size < mostSize) {
      const log = this.#oldest();
      const line = log?.lines.take();
      if (log === undefined || line === undefined) return { lines, isFull: false };
      const { time, isError, text, goesOn } = line;
      const told: LogLine = [log.source.index, time, isError, text];
      if (goesOn) told.push(true);
      lines.push(told);
      size += text.length;
      if (log.lines.length === 0 && this.#logs.length > 1 && log.isBehind(patience)) {
        return { lines, isFull: true };
      }
    }
    return { lines, isFull: true };
  }

  #oldest(): ContainerLog | undefined {
    let [oldest] = this.#logs;
    if (this.#logs.length < 2) return oldest;
    oldest = undefined;
    for (const log of this.#logs) {
      const line = log.lines.first;
      if (line === undefined) continue;
      const first = oldest?.lines.first;
      if (first === undefined || compareTimes(line.time, first.time) < 0) oldest = log;
    }
    return oldest;
  }
}

/** What was made while the log was open is told from its beginning. */
function later({ until, follow }: Wanted): Wanted {
  return { follow, until };
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms)));
}
