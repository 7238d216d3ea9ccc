import type { Memory } from './ownRuns';

/** More cells than a notebook shows at once. */
const most = 1000;

/** The numbers of a notebook's executions: a step keeps its own however often it is shown anew, also over a reload. */
export class ExecutionOrders {
  readonly #memory: Memory;
  readonly #key: string;
  readonly #known: Map<string, number>;

  constructor(memory: Memory, file: string) {
    this.#memory = memory;
    this.#key = `orders ${file}`;
    const kept = memory.get(this.#key);
    this.#known = new Map(Array.isArray(kept) ? kept.filter(isEntry) : []);
  }

  /** The number of a step, by an id of its own; a new one where it has none yet. */
  of(id: string): number {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const order = Math.max(0, ...this.#known.values()) + 1;
    this.#known.set(id, order);
    const oldest = this.#known.size > most ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    void this.#memory.update(this.#key, [...this.#known]);
    return order;
  }
}

function isEntry(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}
