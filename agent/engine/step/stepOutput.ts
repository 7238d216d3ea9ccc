import type { OutputSink } from '../../executors/executor';
import { HandrailError } from '../../protocol/errors';
import type { Stream } from '../../protocol/output';
import type { RedactingStream, Redactor } from '../../secrets/types';
import type { OutputWriter } from '../../store/types';
import type { Clock } from '../clock';
import type { OutputEvent } from '../types';
import { OutputEnd } from './outputEnd';

/**
 * Masks and records what one step prints, then passes it on. Where it cannot be recorded it is still passed on, and
 * {@link trouble} says from where on it is missing in the history.
 */
export class StepOutput implements OutputSink {
  readonly #writer: OutputWriter;
  readonly #redactor: Redactor;
  readonly #clock: Clock;
  readonly #passOn: (piece: OutputEvent) => void | Promise<void>;
  /** There from the first secret on; what came before held none. */
  readonly #masked = new Map<Stream, RedactingStream>();
  #quiet: { dispose(): void } | undefined;
  readonly #end = new OutputEnd();
  #unrecorded = 0;
  #trouble: string | undefined;

  constructor(
    writer: OutputWriter,
    redactor: Redactor,
    clock: Clock,
    passOn: (piece: OutputEvent) => void | Promise<void>,
  ) {
    this.#writer = writer;
    this.#redactor = redactor;
    this.#clock = clock;
    this.#passOn = passOn;
  }

  get seq(): number {
    return this.#writer.seq;
  }

  /** Bytes printed, recorded or not. */
  get bytes(): number {
    return this.#writer.bytes + this.#unrecorded;
  }

  /** The last 64 KiB or a little more, masked. */
  get end(): Uint8Array {
    return this.#end.bytes;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Whether something may be held back. */
  get needsFlush(): boolean {
    return this.#masked.size > 0;
  }

  write(stream: Stream, bytes: Uint8Array): void | Promise<void> {
    if (this.#redactor.isEmpty) return this.#writeMasked(stream, bytes);
    const masked = this.#masked.get(stream) ?? this.#redactor.stream();
    this.#masked.set(stream, masked);
    if (stream === 'tty') this.#showWhenQuiet(masked);
    return this.#writeMasked(stream, masked.write(bytes));
  }

  /**
   * A person may be looking at a prompt whose end is the beginning of a secret, and nothing more comes until they
   * answer. Of what is held back they are shown what gives next to nothing away; a longer beginning stays hidden.
   */
  #showWhenQuiet(masked: RedactingStream): void {
    this.#quiet?.dispose();
    // What is written late has nobody to wait for it, and rejects nothing: what cannot be recorded is told of.
    this.#quiet = this.#clock.after(quietTime, () => void this.#writeMasked('tty', masked.flush()));
  }

  /** Passes on what was held back because it might have been the beginning of a secret. */
  async flush(): Promise<void> {
    this.#quiet?.dispose();
    for (const [stream, masked] of this.#masked) await this.#writeMasked(stream, masked.end());
    this.#masked.clear();
  }

  close(): void {
    this.#quiet?.dispose();
    this.#writer.close();
  }

  #writeMasked(stream: Stream, bytes: Uint8Array): void | Promise<void> {
    if (bytes.length <= longestChunk) return this.#writeChunk(stream, bytes);
    const waits: Promise<void>[] = [];
    for (let at = 0; at < bytes.length; at += longestChunk) {
      const wait = this.#writeChunk(stream, bytes.subarray(at, at + longestChunk));
      if (wait) waits.push(wait);
    }
    return Promise.all(waits).then(() => undefined);
  }

  #writeChunk(stream: Stream, bytes: Uint8Array): void | Promise<void> {
    if (bytes.length === 0) return undefined;
    const time = this.#clock.now();
    this.#end.add(bytes);
    this.#record(stream, bytes, time);
    return this.#passOn({ seq: this.#writer.seq, stream, time, bytes });
  }

  #record(stream: Stream, bytes: Uint8Array, time: number): void {
    // Once is for good: after a hole the history would read as if nothing were missing.
    if (this.#trouble === undefined) {
      try {
        this.#writer.append(stream, bytes, time);
        return;
      } catch (error) {
        if (!(error instanceof HandrailError)) throw error;
        this.#trouble = `Output after byte ${this.bytes} is not recorded. ${error.message}`;
      }
    }
    this.#unrecorded += bytes.length;
  }
}

/** Milliseconds without output after which a terminal waits for somebody. */
const quietTime = 100;

/** A reader takes whole chunks, so they are kept small. */
const longestChunk = 256 * 1024;
