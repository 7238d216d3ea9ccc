import type { Stream } from '../../agent/protocol/output';
import type { StepTerminal } from './stepTerminal';

/** Output older than this when it arrives is a replay. Milliseconds; generous, since clocks are the same machine's. */
const liveFor = 3000;
/** Bytes among which the first whole line is looked for after output has been passed over. */
const lineSearch = 64 * 1024;
const lineFeed = 10;

/** Brings a step's output into its terminal, in order: bytes of either stream, and the places where some are missing. */
export class OutputText {
  #stream: Stream | undefined;
  #atLineStart = true;
  #total = 0;
  #lines = 0;
  #unread = false;
  #skipped = 0;
  #newest = 0;
  #unsettled = 0;
  readonly #screen: StepTerminal;
  readonly #cutLine: (bytes: number) => string;

  constructor(screen: StepTerminal, cutLine: (bytes: number) => string) {
    this.#screen = screen;
    this.#cutLine = cutLine;
  }

  /** Bytes of the step so far, shown or not. */
  get total(): number {
    return this.#total;
  }

  /** Whole lines of the step so far; undefined where some went by unread. */
  get lines(): number | undefined {
    return this.#unread ? undefined : this.#lines;
  }

  get skipped(): number {
    return this.#skipped;
  }

  get settled(): boolean {
    return this.#unsettled === 0;
  }

  /** Whether what arrived last had just been printed. */
  get live(): boolean {
    return Date.now() - this.#newest < liveFor;
  }

  write(stream: Stream, bytes: Uint8Array, time: number): void {
    this.#total += bytes.length;
    if (!this.#unread) this.#lines += lineFeedsIn(bytes);
    this.#newest = time;
    this.#switchTo(stream);
    this.#screen.feed.write(this.#atLineStart ? bytes : this.#fromLineStart(bytes));
    this.#atLineStart = true;
  }

  miss(kind: 'skipped' | 'cut', bytes: number): void {
    this.#total += bytes;
    this.#unread = true;
    if (kind === 'cut') {
      // Colours that were on at the cut must not run on behind it.
      const text = `\r\n\x1b[0;2m${this.#cutLine(bytes)}\x1b[0m\r\n`;
      return this.#screen.feed.write(new TextEncoder().encode(text));
    }
    this.#skipped = this.#total;
    this.#stream = undefined;
    this.#atLineStart = false;
    this.#screen.feed.then(() => this.#screen.marks.clear());
    // All before the gap would stand right above what comes after it, as if it belonged together.
    this.#screen.feed.write(new TextEncoder().encode('\x1bc'));
  }

  ready(): Promise<void> {
    return this.#screen.feed.ready();
  }

  /** Calls back when all is on the screen. */
  settle(callback: () => void): void {
    this.#switchTo(undefined);
    this.#unsettled += 1;
    this.#screen.feed.then(() => {
      this.#unsettled -= 1;
      callback();
    });
  }

  #switchTo(stream: Stream | undefined): void {
    if (stream === this.#stream) return;
    const { feed, marks } = this.#screen;
    if (this.#stream === 'stderr') feed.then(() => marks.finish());
    if (stream === 'stderr') feed.then(() => marks.begin());
    this.#stream = stream;
  }

  #fromLineStart(bytes: Uint8Array): Uint8Array {
    const end = bytes.subarray(0, lineSearch).indexOf(lineFeed);
    return end < 0 ? bytes : bytes.subarray(end + 1);
  }
}

function lineFeedsIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}
