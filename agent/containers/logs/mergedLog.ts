import type { ContainerRow, EngineRow } from '../../protocol/containers';
import type { EndpointState } from '../../protocol/endpoints';
import type { LogOf, LogSource } from '../../protocol/logs';
import { type LogNews, MergedLines, type OpenLog } from '../../logs/mergedLines';
import type { EngineConnection } from '../engine/connection';
import type { EngineWatch, LiveEngine } from '../live/liveEngine';
import { ContainerLog, type Wanted } from './containerLog';

/** Containers that are followed at the same time, at most. */
const mostSources = 200;

/** The logs of several containers of one engine as one, in order of their times as far as they come together. */
export class MergedLog implements OpenLog {
  readonly #connection: EngineConnection;
  readonly #of: LogOf;
  readonly #wanted: Wanted;
  readonly #report: (error: unknown) => void;
  readonly #logs: ContainerLog[] = [];
  readonly #byId = new Map<string, ContainerLog>();
  readonly #leftOut = new Set<string>();
  readonly #listed = Promise.withResolvers<void>();
  readonly #watch: EngineWatch;
  readonly #lines = new MergedLines({
    leftOut: () => this.#leftOut.size,
    isWhole: () => this.#isWhole,
  });
  #isListed = false;

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
    return this.#lines.sources;
  }

  async run(tell: (news: LogNews) => Promise<void>): Promise<void> {
    await this.#lines.run(tell);
    this.close();
  }

  close(): void {
    this.#watch.close();
    this.#lines.close();
    this.#listed.resolve();
  }

  #add(id: string, name: string, wanted: Wanted): void {
    if (this.#logs.length >= mostSources) {
      if (!this.#leftOut.has(id)) this.#lines.changed(true);
      this.#leftOut.add(id);
      return;
    }
    const index = this.#logs.length;
    const log = new ContainerLog({ id, name, index }, this.#connection, wanted, isState =>
      this.#lines.changed(isState),
    );
    this.#logs.push(log);
    this.#byId.set(id, log);
    this.#lines.add(log);
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
      if (this.#leftOut.delete(id)) this.#lines.changed(true);
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
    this.#lines.changed(false);
  }

  #reach(state: EndpointState): void {
    for (const log of this.#logs) {
      if (state.kind === 'failed') log.unreachable(state.message);
      if (state.kind === 'connected') log.reachable();
    }
  }

  /** Of a project containers can still come. */
  get #isWhole(): boolean {
    return this.#of.kind === 'containers' || (!this.#wanted.follow && this.#isListed);
  }
}

/** What was made while the log was open is told from its beginning. */
function later({ until, follow }: Wanted): Wanted {
  return { follow, until };
}
