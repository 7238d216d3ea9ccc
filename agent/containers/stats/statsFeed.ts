import type { Readable } from 'node:stream';
import type { Stats } from '../../protocol/containers';
import type { EngineConnection } from '../engine/connection';
import { TextLines } from '../../text/textLines';
import { readStats } from './readStats';

/** Milliseconds between two reports. */
const interval = 1000;
/** Milliseconds until a container whose stream ended is looked at again, where somebody still wants it. */
const pause = 5000;

interface Watcher {
  wanted: ReadonlySet<string>;
  readonly told: (stats: Stats[]) => void;
}

/** What containers of one engine use, of those only that somebody looks at: a stream for each. */
export class StatsFeed {
  readonly #connection: EngineConnection;
  readonly #report: (error: unknown) => void;
  readonly #watchers = new Set<Watcher>();
  readonly #streams = new Map<string, AbortController>();
  readonly #newest = new Map<string, Stats>();
  #timer: NodeJS.Timeout | undefined;

  /** `report` gets what is neither the container's nor its engine's doing. */
  constructor(connection: EngineConnection, report: (error: unknown) => void) {
    this.#connection = connection;
    this.#report = report;
  }

  /** `told` gets the newest of the wanted ones, at most once a second. */
  watch(told: (stats: Stats[]) => void): { want(ids: readonly string[]): void; close(): void } {
    const watcher: Watcher = { wanted: new Set(), told };
    this.#watchers.add(watcher);
    return {
      want: ids => {
        watcher.wanted = new Set(ids);
        this.#adjust();
      },
      close: () => {
        this.#watchers.delete(watcher);
        this.#adjust();
      },
    };
  }

  close(): void {
    this.#watchers.clear();
    this.#adjust();
  }

  #adjust(): void {
    const wanted = new Set([...this.#watchers].flatMap(each => [...each.wanted]));
    for (const [id, stream] of this.#streams) {
      if (wanted.has(id)) continue;
      this.#streams.delete(id);
      stream.abort();
    }
    for (const id of wanted) if (!this.#streams.has(id)) this.#begin(id);
  }

  #begin(id: string): void {
    const life = new AbortController();
    this.#streams.set(id, life);
    void this.#follow(id, life.signal).then(() => {
      if (life.signal.aborted) return;
      const again = setTimeout(() => {
        if (this.#streams.get(id) !== life) return;
        this.#streams.delete(id);
        this.#adjust();
      }, pause);
      again.unref();
    });
  }

  /** Never rejects: whether the container or its engine has gone is told by those who watch them. */
  async #follow(id: string, life: AbortSignal): Promise<void> {
    try {
      const stream = await this.#connection.use(
        async docker => (await docker.getContainer(id).stats({ stream: true })) as unknown as Readable,
      );
      if (life.aborted) return void stream.destroy();
      life.addEventListener('abort', () => stream.destroy(), { once: true });
      const lines = new TextLines();
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        for (const line of lines.read(chunk)) this.#take(readStats(id, line));
        if (lines.isTooLong) throw new TypeError('An engine sent statistics without a line end');
      }
    } catch (error) {
      // Of an engine or a stream that has gone; a bug has another name.
      if (error instanceof TypeError || error instanceof SyntaxError) this.#report(error);
    }
  }

  #take(stats: Stats): void {
    this.#newest.set(stats.id, stats);
    this.#timer ??= setTimeout(() => this.#tell(), interval);
  }

  #tell(): void {
    this.#timer = undefined;
    for (const { wanted, told } of this.#watchers) {
      const own = [...this.#newest.values()].filter(({ id }) => wanted.has(id));
      if (own.length > 0) told(own);
    }
    this.#newest.clear();
  }
}
