import type { TextLine } from './logLinesOf';

/** Characters and lines from which on no more is read, until half of it has been taken. */
const mostSize = 512 * 1024;
const mostLines = 5000;

/** Lines of one container that wait to be told. */
export class LineQueue {
  /** Told when there is room again. */
  onRoom: () => void = () => undefined;
  #lines: TextLine[] = [];
  #at = 0;
  #size = 0;
  #isFull = false;

  get length(): number {
    return this.#lines.length - this.#at;
  }

  get first(): TextLine | undefined {
    return this.#lines[this.#at];
  }

  /** Whether nothing more should come for now. */
  get isFull(): boolean {
    return this.#isFull;
  }

  add(line: TextLine): void {
    this.#lines.push(line);
    this.#size += line.text.length;
    if (this.#size >= mostSize || this.length >= mostLines) this.#isFull = true;
  }

  take(): TextLine | undefined {
    const line = this.#lines[this.#at];
    if (line === undefined) return undefined;
    this.#at += 1;
    this.#size -= line.text.length;
    if (this.#at === this.#lines.length) {
      this.#lines = [];
      this.#at = 0;
    }
    if (this.#isFull && this.#size < mostSize / 2 && this.length < mostLines / 2) {
      this.#isFull = false;
      this.onRoom();
    }
    return line;
  }
}
