import type { ResultOf } from '../../agent/protocol/message';
import type { readOutput } from '../../agent/protocol/output';
import type { PageEntry } from '../renderer/messages';

/** Above this a reader is too far behind to be shown everything. Bytes. */
const farBehind = 4 * 1024 * 1024;
/** What it is then still shown: more than a terminal's scrollback holds of ordinary lines. Bytes. */
const stillShown = 2 * 1024 * 1024;

/**
 * Output on its way from the agent to one reader. Bounded: of a reader that is far behind the oldest output is passed
 * over, and it is told how much.
 */
export class Backlog {
  #entries: PageEntry[] = [];
  #bytes = 0;
  #skipped = 0;
  #sent: number;
  #read: number;
  #ended = false;

  constructor(after: number) {
    this.#sent = after;
    this.#read = after;
  }

  /** Up to here the reader has it. */
  get sent(): number {
    return this.#sent;
  }

  /** Up to here it has been read from the agent. */
  get read(): number {
    return this.#read;
  }

  add(page: ResultOf<typeof readOutput>): void {
    if (page.cutBytes > 0) this.#entries.push({ missing: 'cut', bytes: page.cutBytes, seq: this.#read });
    for (const piece of page.pieces) {
      this.#entries.push(piece);
      this.#bytes += sizeOf(piece);
    }
    this.#read = page.seq;
    this.#ended = page.ended && !page.more;
    if (this.#bytes > farBehind) this.#passOver();
  }

  /** The next page of at most about `maxBytes`, or undefined while there is nothing new to tell. */
  take(maxBytes: number): { after: number; entries: PageEntry[]; seq: number; ended: boolean } | undefined {
    if (this.#entries.length === 0 && !this.#ended) return undefined;
    const after = this.#sent;
    const entries: PageEntry[] = [];
    if (this.#skipped > 0) entries.push({ missing: 'skipped', bytes: this.#skipped, seq: after });
    this.#skipped = 0;
    let size = 0;
    for (let next = this.#entries[0]; next && (size === 0 || size + sizeOf(next) <= maxBytes);) {
      this.#entries.shift();
      entries.push(next);
      size += sizeOf(next);
      this.#sent = next.seq;
      next = this.#entries[0];
    }
    this.#bytes -= size;
    const last = this.#entries.length === 0;
    if (last) this.#sent = this.#read;
    return { after, entries, seq: this.#sent, ended: last && this.#ended };
  }

  #passOver(): void {
    while (this.#bytes > stillShown && this.#entries.length > 1) {
      const oldest = this.#entries.shift();
      if (!oldest) return;
      this.#bytes -= sizeOf(oldest);
      this.#skipped += 'missing' in oldest ? oldest.bytes : sizeOf(oldest);
    }
  }
}

function sizeOf(entry: PageEntry): number {
  if ('missing' in entry) return 0;
  const { data } = entry;
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return (data.length / 4) * 3 - padding;
}
