import type { Health } from '../health/health';
import type { HeldChecks, Holder } from '../health/healthWatches';
import { HandrailError } from '../protocol/errors';
import { checksChanged, type CheckRow, type newCommands, type watchChecks } from '../protocol/health';
import type { ParamsOf, ResultOf } from '../protocol/message';
import type { Tell } from './client';

/** Milliseconds until a slow client is looked at again. */
const slowPause = 250;

/** The checks that one client holds. They are let go with it. */
export class ClientHealth {
  readonly #health: () => Promise<Health>;
  readonly #holder: Holder;
  readonly #tell: Tell;
  readonly #isSlow: () => boolean;
  /** The latest of checks that the client was not told of: no more than it holds. */
  readonly #untold = new Map<string, CheckRow>();
  #waiting: NodeJS.Timeout | undefined;
  #loaded: Health | undefined;
  #isClosed = false;

  /** `isSlow`: whether the client has not taken what was sent; then it is told of each check's latest once it has. */
  constructor(health: () => Promise<Health>, tell: Tell, isSlow: () => boolean) {
    this.#health = health;
    this.#tell = tell;
    this.#isSlow = isSlow;
    this.#holder = {
      changed: rows => {
        for (const row of rows) this.#untold.set(row.id, row);
        this.#flush();
      },
    };
  }

  #flush(): void {
    if (this.#isClosed || this.#untold.size === 0) return;
    if (this.#isSlow()) {
      this.#waiting ??= setTimeout(() => {
        this.#waiting = undefined;
        this.#flush();
      }, slowPause).unref();
      return;
    }
    const checks = [...this.#untold.values()];
    this.#untold.clear();
    this.#tell(checksChanged, { checks });
  }

  async watch({ files, environment, allowed }: ParamsOf<typeof watchChecks>): Promise<HeldChecks> {
    const { watches } = await this.#load();
    if (this.#isClosed) return { checks: [], problems: [] };
    return watches.hold(this.#holder, files, environment, new Set(allowed));
  }

  async read(files: readonly string[]): Promise<HeldChecks> {
    return (await this.#load()).read(files);
  }

  async newCommands({
    file,
    before,
    after,
  }: ParamsOf<typeof newCommands>): Promise<ResultOf<typeof newCommands>> {
    return (await this.#load()).newCommands(file, before, after);
  }

  async probe(check: string): Promise<void> {
    if ((await this.#load()).watches.probe(check)) return;
    throw new HandrailError('notFound', 'There is no such check any more', { check });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#waiting);
    this.#untold.clear();
    this.#loaded?.watches.release(this.#holder);
  }

  async #load(): Promise<Health> {
    return (this.#loaded = await this.#health());
  }
}
