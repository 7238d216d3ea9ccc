import type { ContainerAccess } from './access';
import { ContainerPlace } from './containerPlace';

/** Opens a container; told what it waits for. */
export type OpenAccess = (say: (text: string) => void, signal: AbortSignal) => Promise<ContainerAccess>;

/**
 * The container that a session has for one target: opened with its first cell, and again where it has been restarted or
 * has gone since.
 */
export class ContainerHold {
  readonly #open: OpenAccess;
  readonly #isMeant: (access: ContainerAccess) => boolean;
  readonly #id: string;
  #place: Promise<ContainerPlace> | undefined;
  #settled = 0;
  #cells = 0;

  /** @param id unique to session and target; `isMeant`: asked before each cell whether it is still the right one */
  constructor(open: OpenAccess, id: string, isMeant: (access: ContainerAccess) => boolean = () => true) {
    this.#open = open;
    this.#isMeant = isMeant;
    this.#id = id;
  }

  /** Rejects with an Error for a person. */
  async get(say: (text: string) => void, signal: AbortSignal): Promise<ContainerPlace> {
    const known = await this.#place?.catch(() => undefined);
    if (known !== undefined && !known.isLost && this.#isMeant(known.access)) return known;
    if (known !== undefined) await known.close().catch(() => undefined);
    this.#place = this.#settle(say, signal);
    return this.#place;
  }

  /** Counts the cells. */
  next(): number {
    return ++this.#cells;
  }

  /** Processes that its cells have left behind. */
  async processes(): Promise<{ pid: number; command: string }[]> {
    const place = await this.#place?.catch(() => undefined);
    return place === undefined || place.isLost ? [] : place.list(place.mark);
  }

  async close(): Promise<void> {
    const place = await this.#place?.catch(() => undefined);
    this.#place = undefined;
    await place?.close();
  }

  async #settle(say: (text: string) => void, signal: AbortSignal): Promise<ContainerPlace> {
    const access = await this.#open(say, signal);
    try {
      return await ContainerPlace.settle(access, `${this.#id}-${++this.#settled}`);
    } catch (error) {
      await access.close();
      throw error;
    }
  }
}
