/** A piece of what an engine or a node has recorded at one time: a line, or a part of one that is long. */
export interface Fragment {
  readonly isError: boolean;
  /** RFC 3339, as the engine says it; empty where it says none. */
  readonly time: string;
  /** A view of what was read. */
  readonly bytes: Uint8Array;
  /** Whether the entry ends with it. */
  readonly isEnd: boolean;
}

/** A line of one container, or a bounded piece of one that is long: then `goesOn`. */
export interface TextLine {
  readonly time: string;
  readonly isError: boolean;
  readonly text: string;
  readonly goesOn: boolean;
}

/** Bytes of one piece of a line. */
export const longestPiece = 64 * 1024;

const newline = 10;
const carriageReturn = 13;

interface Pending {
  readonly parts: Uint8Array[];
  length: number;
  time: string;
}

/** Makes lines of fragments, for each output by itself. Lines that are longer than 64 KiB come in pieces. */
export class LogLinesOf {
  readonly #take: (line: TextLine) => void;
  /** A terminal ends lines with a carriage return, too. */
  readonly #isTerminal: boolean;
  readonly #pending: Readonly<Record<'out' | 'err', Pending>> = {
    out: { parts: [], length: 0, time: '' },
    err: { parts: [], length: 0, time: '' },
  };

  constructor(isTerminal: boolean, take: (line: TextLine) => void) {
    this.#isTerminal = isTerminal;
    this.#take = take;
  }

  read({ isError, time, bytes }: Fragment): void {
    const pending = this.#pending[isError ? 'err' : 'out'];
    let at = 0;
    while (at < bytes.length) {
      const next = bytes.indexOf(newline, at);
      const end = next < 0 ? bytes.length : next;
      // Of what stays for a while only the bytes are kept, not all that was read.
      const piece = bytes.subarray(at, end);
      this.#add(pending, isError, time, next < 0 ? Buffer.from(piece) : piece);
      if (next >= 0) this.#flush(pending, isError, false);
      at = end + 1;
    }
  }

  /** What was not ended by a newline is a line, too. */
  finish(): void {
    if (this.#pending.out.length > 0) this.#flush(this.#pending.out, false, false);
    if (this.#pending.err.length > 0) this.#flush(this.#pending.err, true, false);
  }

  #add(pending: Pending, isError: boolean, time: string, bytes: Uint8Array): void {
    if (pending.length === 0) pending.time = time;
    let rest = bytes;
    while (pending.length + rest.length > longestPiece) {
      const cut = characterBorder(rest, longestPiece - pending.length);
      pending.parts.push(rest.subarray(0, cut));
      this.#flush(pending, isError, true);
      pending.time = time;
      rest = rest.subarray(cut);
    }
    pending.parts.push(rest);
    pending.length += rest.length;
  }

  #flush(pending: Pending, isError: boolean, goesOn: boolean): void {
    const { parts, time } = pending;
    const bytes = parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
    let end = bytes.length;
    if (this.#isTerminal && !goesOn) while (end > 0 && bytes[end - 1] === carriageReturn) end -= 1;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString();
    pending.parts.length = 0;
    pending.length = 0;
    this.#take({ time, isError, text, goesOn });
  }
}

/** A place at or a little before `at` that is not within a character of UTF-8. */
function characterBorder(bytes: Uint8Array, at: number): number {
  for (let back = 0; back < 4 && at - back > 0; back++) {
    if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back;
  }
  return at;
}
