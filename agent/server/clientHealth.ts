import type { Health } from '../health/health';
import type { HeldChecks, Holder } from '../health/healthWatches';
import { HandrailError } from '../protocol/errors';
import { checksChanged, type newCommands, type watchChecks } from '../protocol/health';
import type { ParamsOf, ResultOf } from '../protocol/message';
import type { Tell } from './client';

/** The checks that one client holds. They are let go with it. */
export class ClientHealth {
  readonly #health: () => Promise<Health>;
  readonly #holder: Holder;
  #loaded: Health | undefined;
  #isClosed = false;

  /** `isSlow`: whether the client has not taken what was sent; then the next change of a check tells of it again. */
  constructor(health: () => Promise<Health>, tell: Tell, isSlow: () => boolean) {
    this.#health = health;
    this.#holder = {
      changed: rows => {
        if (!isSlow()) tell(checksChanged, { checks: [...rows] });
      },
    };
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
    this.#loaded?.watches.release(this.#holder);
  }

  async #load(): Promise<Health> {
    return (this.#loaded = await this.#health());
  }
}
