import type { Memory } from './ownRuns';

/** More cells than a notebook shows at once. */
const mostSteps = 1000;
/** Notebooks whose numbers are kept; of the others they begin anew. */
const mostFiles = 50;
const filesKey = 'numbered';

/** The numbers of a notebook's executions: a step keeps its own however often it is shown anew, also over a reload. */
export class ExecutionOrders {
  readonly #memory: Memory;
  readonly #file: string;
  readonly #known: Map<string, number>;
  #last: number;

  constructor(memory: Memory, file: string) {
    this.#memory = memory;
    this.#file = file;
    const kept = memory.get(keyOf(file));
    this.#known = new Map(Array.isArray(kept) ? kept.filter(isEntry) : []);
    this.#last = Math.max(0, ...this.#known.values());
  }

  /** The number of a step, by an id of its own; a new one where it has none yet. */
  of(id: string): number {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const order = ++this.#last;
    this.#known.set(id, order);
    const oldest = this.#known.size > mostSteps ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    void this.#memory.update(keyOf(this.#file), [...this.#known]);
    this.#note();
    return order;
  }

  /** Notes that this file was the last to get a number; of those before the oldest go. */
  #note(): void {
    const kept = this.#memory.get(filesKey);
    const files: string[] = Array.isArray(kept) ? kept.filter(file => typeof file === 'string') : [];
    if (files.at(-1) === this.#file) return;
    const all = [...files.filter(file => file !== this.#file), this.#file];
    for (const file of all.slice(0, -mostFiles)) void this.#memory.update(keyOf(file), undefined);
    void this.#memory.update(filesKey, all.slice(-mostFiles));
  }
}

function keyOf(file: string): string {
  return `orders ${file}`;
}

function isEntry(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}
