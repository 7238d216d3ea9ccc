import type { ShellContext } from './shellContext';

/** Where contexts begin. Marks are set in order; the last one at a place counts. */
export class ContextMarks {
  readonly #offsets: number[] = [];
  readonly #contexts: ShellContext[] = [];

  get length(): number {
    return this.#offsets.length;
  }

  set(at: number, context: ShellContext): void {
    this.#offsets.push(at);
    this.#contexts.push(context);
  }

  /** Forgets the marks after the first so many. */
  cut(length: number): void {
    this.#offsets.length = length;
    this.#contexts.length = length;
  }

  at(offset: number): ShellContext {
    let low = 0;
    let high = this.#offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offsets[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#contexts[low - 1] ?? 'bare';
  }
}
