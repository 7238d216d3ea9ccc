import type { StreamEnd, StreamSink, StreamSource } from '../byteStream';
import { HandrailError } from '../protocol/errors';
import { streamData, streamEnded, streamWindow } from '../protocol/streams';
import type { Tell } from './client';

/** Bytes of one notification. */
const mostOfOne = 64 * 1024;
/** Streams of one client at the same time. */
const mostStreams = 500;

/** The streams that one client has open. They end with it. */
export class ClientStreams {
  readonly #tell: Tell;
  readonly #streams = new Map<number, OpenStream>();
  #last = 0;
  #isClosed = false;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** Opens a stream: `begin` starts what it is of. Rejects as that does, and HandrailError `busy` if there are too many. */
  async open<T extends { readonly source: StreamSource }>(
    begin: (sink: StreamSink) => Promise<T>,
  ): Promise<{ stream: number; begun: T }> {
    if (this.#streams.size >= mostStreams)
      throw new HandrailError('busy', 'Too many streams are open', { most: mostStreams });
    const id = ++this.#last;
    const stream = new OpenStream(id, this.#tell, () => this.#streams.delete(id));
    this.#streams.set(id, stream);
    try {
      const begun = await begin(stream);
      if (this.#isClosed) begun.source.close();
      stream.source = begun.source;
      // The answer that names the stream comes first.
      setImmediate(() => stream.release());
      return { stream: id, begun };
    } catch (error) {
      this.#streams.delete(id);
      stream.drop();
      throw error;
    }
  }

  acknowledge(id: number, seq: number): void {
    this.#streams.get(id)?.acknowledge(seq);
  }

  /** Throws HandrailError `notFound` for a stream that has ended. */
  source(id: number): StreamSource {
    const source = this.#streams.get(id)?.source;
    if (source !== undefined) return source;
    throw new HandrailError('notFound', 'The stream has ended', { stream: id });
  }

  /** Ends what all of them are of. */
  close(): void {
    this.#isClosed = true;
    for (const stream of this.#streams.values()) {
      stream.drop();
      stream.source?.close();
    }
    this.#streams.clear();
  }
}

/** One stream on its way to the client, never more ahead of it than the window. */
class OpenStream implements StreamSink {
  source: StreamSource | undefined;
  readonly #id: number;
  readonly #tell: Tell;
  readonly #ended: () => void;
  readonly #released = Promise.withResolvers<void>();
  /** Bytes of what was sent and not acknowledged, by number. */
  readonly #unread = new Map<number, number>();
  #ahead = 0;
  #seq = 0;
  #isDropped = false;
  #sending: Promise<void> = this.#released.promise;
  #room = Promise.withResolvers<void>();

  constructor(id: number, tell: Tell, ended: () => void) {
    this.#id = id;
    this.#tell = tell;
    this.#ended = ended;
  }

  send(channel: 'out' | 'err', bytes: Uint8Array): Promise<void> {
    this.#sending = this.#sending.then(() => this.#send(channel, bytes));
    return this.#sending;
  }

  end(end: StreamEnd): void {
    void this.#sending.then(() => {
      if (!this.#isDropped) this.#tell(streamEnded, { stream: this.#id, ...end });
      this.#ended();
    });
  }

  /** From now on it is sent. */
  release(): void {
    this.#released.resolve();
  }

  /** Nobody reads it: what comes is thrown away. */
  drop(): void {
    this.#isDropped = true;
    this.#released.resolve();
    this.#room.resolve();
  }

  acknowledge(seq: number): void {
    for (const [number, bytes] of this.#unread) {
      if (number > seq) break;
      this.#unread.delete(number);
      this.#ahead -= bytes;
    }
    if (this.#ahead < streamWindow) this.#room.resolve();
  }

  async #send(channel: 'out' | 'err', bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#isDropped; at += mostOfOne) {
      const piece = Buffer.from(bytes.subarray(at, at + mostOfOne));
      while (this.#ahead + piece.length > streamWindow && !this.#isDropped) {
        this.#room = Promise.withResolvers();
        await this.#room.promise;
      }
      if (this.#isDropped) return;
      const seq = ++this.#seq;
      this.#unread.set(seq, piece.length);
      this.#ahead += piece.length;
      this.#tell(streamData, { stream: this.#id, seq, channel, data: piece.toString('base64') });
    }
  }
}
