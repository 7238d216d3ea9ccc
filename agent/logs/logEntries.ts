import type { Fragment } from './logLinesOf';

const headLength = 8;
/**
 * Engines cut long lines at multiples of this: Docker at 16 KiB, Podman of a terminal at 2 KiB.
 * https://github.com/moby/moby/blob/master/daemon/logger/copier.go
 */
const partLength = 2048;
/** Bytes of the longest time there is, with the blank behind it. */
const longestTime = 40;
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

const newline = 10;
const blank = 32;
const nothing = Buffer.alloc(0);

/**
 * Takes apart the log of a container, asked for with times and cut anywhere. Without a terminal each entry is a frame:
 * 1 byte (1 stdout, 2 stderr), three zeros, the length as 32 bits, the time, a blank, the bytes. With a terminal entries
 * follow each other bare: time, blank, bytes up to a newline, or a part of a longer line.
 * https://docs.docker.com/reference/api/engine/version/v1.44/#tag/Container/operation/ContainerAttach
 */
export class LogEntries {
  readonly #hasFrames: boolean;
  readonly #take: (fragment: Fragment) => void;
  /** Of a frame's head, or of a time, what has come so far. */
  #begun: Buffer = nothing;
  #time = '';
  #isError = false;
  #isTimed = false;
  /** Bytes that the frame still has. */
  #left = 0;
  /** Without frames: bytes of the entry so far; whether its next part may begin here. */
  #length = 0;
  #isSeam = false;

  constructor(hasFrames: boolean, take: (fragment: Fragment) => void) {
    this.#hasFrames = hasFrames;
    this.#take = take;
  }

  /** Throws where it is no such stream. */
  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#hasFrames ? this.#readFrame(chunk, at) : this.#readBare(chunk, at);
  }

  #readFrame(chunk: Buffer, at: number): number {
    if (this.#left === 0) return this.#readHead(chunk, at);
    const end = Math.min(at + this.#left, chunk.length);
    this.#left -= end - at;
    const from = this.#isTimed ? at : this.#readTime(chunk, at, end, this.#left === 0);
    if (from < end || (this.#left === 0 && this.#isTimed)) this.#give(chunk, from, end, this.#left === 0);
    return end;
  }

  #readHead(chunk: Buffer, at: number): number {
    const end = Math.min(at + headLength - this.#begun.length, chunk.length);
    const head = this.#begun.length === 0 ? chunk.subarray(at, end) : joined(this.#begun, chunk, at, end);
    if (head.length < headLength) {
      this.#begun = Buffer.from(head);
      return end;
    }
    this.#begun = nothing;
    const kind = head[0] ?? 0;
    if (kind > 2) throw new Error(`The engine sent what is no frame of a log: ${head.toString('hex')}`);
    this.#isError = kind === 2;
    this.#left = head.readUInt32BE(4);
    this.#isTimed = false;
    return end;
  }

  #readBare(chunk: Buffer, at: number): number {
    const next = chunk.indexOf(newline, at);
    const end = next < 0 ? chunk.length : next + 1;
    if (!this.#isTimed) return this.#readTime(chunk, at, end, next >= 0);
    const to = Math.min(end, at + partLength - (this.#length % partLength));
    const isEnd = to === end && next >= 0;
    this.#give(chunk, at, to, isEnd);
    this.#length += to - at;
    this.#isSeam = !isEnd && this.#length % partLength === 0;
    this.#isTimed = !isEnd && !this.#isSeam;
    if (isEnd) this.#length = 0;
    return to;
  }

  /** Reads the time that an entry begins with, and gives where its bytes begin. `isAll`: no more of the entry comes. */
  #readTime(chunk: Buffer, at: number, end: number, isAll: boolean): number {
    const before = this.#begun.length;
    const most = Math.min(end, at + longestTime - before);
    const found = chunk.indexOf(blank, at);
    if ((found < 0 || found >= most) && !isAll && before + most - at < longestTime) {
      this.#begun = joined(this.#begun, chunk, at, most);
      return most;
    }
    const to = found >= 0 && found < most ? found : most;
    const text = this.#begun.toString('latin1') + chunk.toString('latin1', at, to);
    const isTime = timePattern.test(text);
    const begun = this.#begun;
    this.#begun = nothing;
    this.#isTimed = true;
    const isSeam = this.#isSeam;
    this.#isSeam = false;
    if (isTime && (!isSeam || text.length === this.#time.length)) {
      if (isSeam) this.#give(chunk, at, at, true);
      this.#length = 0;
      this.#time = text;
      return to + 1;
    }
    // It was none: what was held back belongs to the bytes.
    if (begun.length > 0) this.#give(begun, 0, begun.length, false);
    this.#length += begun.length;
    return at;
  }

  #give(chunk: Buffer, from: number, to: number, isEnd: boolean): void {
    this.#take({ isError: this.#isError, time: this.#time, bytes: chunk.subarray(from, to), isEnd });
  }
}

function joined(before: Buffer, chunk: Buffer, from: number, to: number): Buffer {
  return Buffer.concat([before, chunk.subarray(from, to)]);
}
