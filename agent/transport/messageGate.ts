import { Transform, type TransformCallback } from 'node:stream';

/** Header of a message at most; ours have 30 bytes. */
const longestHeader = 512;
/** Messages that may be under way on one connection before the next is read. */
const mostPending = 64;

/** Most bytes of a message before the handshake, when anybody may be speaking. */
export const longestFirstMessage = 64 * 1024;
/** Most bytes of a message after it: a runbook's text may be large. */
export const longestMessage = 64 * 1024 * 1024;

/**
 * Stands in front of vscode-jsonrpc's reader, which has no limits: lets through only well-formed headers
 * (https://microsoft.github.io/language-server-protocol/specifications/base/0.9/specification/#headerPart) and
 * messages of a bounded length, one before {@link open}, later as many as are being worked on. Anything else is an
 * `error` of the stream.
 */
export class MessageGate extends Transform {
  #limit = longestFirstMessage;
  #mostPending = 1;
  #pending = 0;
  #header = '';
  /** Bytes of the present message that are still to come. */
  #missing = 0;
  #waiting: (() => void) | undefined;

  /** Messages that were let through and are not dealt with. */
  get pending(): number {
    return this.#pending;
  }

  /** The client is who it says: larger messages, and more of them. */
  open(): void {
    this.#limit = longestMessage;
    this.#mostPending = mostPending;
    this.#goOn();
  }

  /** One message that was let through has been dealt with. */
  settle(): void {
    this.#pending--;
    this.#goOn();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#take(chunk, done);
  }

  #take(chunk: Buffer, done: TransformCallback): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#missing > 0) {
        rest = this.#passBody(rest);
      } else if (this.#pending >= this.#mostPending) {
        const held = rest;
        this.#waiting = () => this.#take(held, done);
        return;
      } else {
        const after = this.#passHeader(rest);
        if (after instanceof Error) return done(after);
        rest = after;
      }
    }
    done();
  }

  #passBody(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.#missing);
    this.#missing -= part.length;
    this.push(part);
    return bytes.subarray(part.length);
  }

  #passHeader(bytes: Buffer): Buffer | Error {
    const before = this.#header.length;
    this.#header += bytes.toString('latin1', 0, longestHeader);
    const end = this.#header.indexOf('\r\n\r\n');
    if (end < 0 && this.#header.length >= longestHeader)
      return new Error('The header of a message is too long');
    if (end < 0) return bytes.subarray(bytes.length);
    const length = lengthIn(this.#header.slice(0, end));
    if (length === undefined) return new Error('The header of a message is malformed');
    if (length > this.#limit) return new Error(`A message of ${length} bytes is too long`);
    this.push(Buffer.from(`Content-Length: ${length}\r\n\r\n`, 'latin1'));
    this.#header = '';
    this.#missing = length;
    this.#pending++;
    return bytes.subarray(end + 4 - before);
  }

  #goOn(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }
}

function lengthIn(header: string): number | undefined {
  let length: number | undefined;
  for (const line of header.split('\r\n')) {
    const found = /^Content-Length: ?([1-9]\d{0,9})$/i.exec(line)?.[1];
    if (found !== undefined && length === undefined) length = Number(found);
    else if (!/^Content-Type: ?[\w/.+;= -]+$/i.test(line)) return undefined;
  }
  return length;
}
