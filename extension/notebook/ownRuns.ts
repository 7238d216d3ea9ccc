import { Listeners } from '../listeners';

/** What is kept of a window over its reload; VS Code's `Memento` is one. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const key = 'runs';
/** Nobody asks about more. */
const most = 50;

/** The runs that were begun in this window: their questions are asked here. Kept over a reload. */
export class OwnRuns {
  readonly #memory: Memory;
  readonly #added = new Listeners<string>();
  #ids: readonly string[];

  /** Tells of each run that is begun from now on. */
  readonly onDidAdd = this.#added.add;

  constructor(memory: Memory) {
    this.#memory = memory;
    const kept = memory.get(key);
    this.#ids = Array.isArray(kept) ? kept.filter(id => typeof id === 'string') : [];
  }

  has(run: string): boolean {
    return this.#ids.includes(run);
  }

  add(run: string): void {
    if (this.has(run)) return;
    this.#ids = [...this.#ids, run].slice(-most);
    void this.#memory.update(key, this.#ids);
    this.#added.tell(run);
  }
}
