import { closeSync, openSync, writeSync } from 'node:fs';
import type { OutputSink } from '../../executors/executor';
import type { Stream } from '../../protocol/output';
import type { RedactingStream, Redactor } from '../../secrets/types';
import { longestValue, textOf } from './outputFile';

/** Variables that a step sets; undefined unsets one. */
export type Variables = ReadonlyMap<string, string | undefined>;

/**
 * Takes a cell's stdout as the value of a variable, and passes everything on. A file keeps the whole of it, with
 * secrets masked, because they do not go to disk.
 */
export class CapturedStdout implements OutputSink {
  readonly #sink: OutputSink;
  readonly #redactor: Redactor;
  readonly #path: string;
  #value: Uint8Array[] = [];
  #bytes = 0;
  #file: number | undefined;
  #masked: RedactingStream | undefined;
  /** Why the file does not have it all. */
  #trouble: string | undefined;

  constructor(sink: OutputSink, redactor: Redactor, path: string) {
    this.#sink = sink;
    this.#redactor = redactor;
    this.#path = path;
  }

  write(stream: Stream, bytes: Uint8Array): void | Promise<void> {
    if (stream !== 'stderr') this.#keep(bytes);
    return this.#sink.write(stream, bytes);
  }

  /** Begins, or begins again: the cell is tried once more. */
  begin(): void {
    this.close();
    this.#value = [];
    this.#bytes = 0;
    this.#trouble = undefined;
    this.#masked = this.#redactor.isEmpty ? undefined : this.#redactor.stream();
    this.#onFile(() => (this.#file = openSync(this.#path, 'w', 0o600)));
  }

  /** What `$(…)` would give, and the file; `note`: what a person should know about them. */
  take(name: string): { variables: Variables; note?: string } {
    if (this.#masked) this.#save(this.#masked.end());
    this.close();
    const { value, why } = this.#text();
    const file = `${name}_FILE`;
    const notes = [
      why === undefined ? undefined : `${name} is not set: the output ${why}. All of it is in $${file}`,
      value === undefined || this.#redactor.text(value) === value
        ? undefined
        : `$${file} has ••• in place of secrets`,
      this.#trouble,
    ].filter(note => note !== undefined);
    const variables = new Map([
      [name, value],
      [file, this.#path],
    ]);
    return { variables, ...(notes.length === 0 ? {} : { note: notes.join('\n') }) };
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #keep(bytes: Uint8Array): void {
    const room = mostKept - this.#bytes;
    this.#bytes += bytes.length;
    if (this.#bytes <= longestValue) this.#value.push(Uint8Array.from(bytes));
    else this.#value = [];
    if (room < bytes.length)
      this.#trouble ??= `The output is longer than ${mostKept >> 20} MiB; the rest is not kept`;
    const kept = bytes.subarray(0, Math.max(0, room));
    this.#save(this.#masked ? this.#masked.write(kept) : kept);
  }

  #save(bytes: Uint8Array): void {
    const file = this.#file;
    if (file === undefined || bytes.length === 0) return;
    this.#onFile(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    });
  }

  #text(): { value?: string; why?: string } {
    if (this.#bytes > longestValue)
      return { why: `has ${this.#bytes} bytes, more than the ${longestValue / 1024} KiB of a variable` };
    const text = textOf(Buffer.concat(this.#value));
    return text === undefined ? { why: 'is no text' } : { value: text.replace(/\n+$/, '') };
  }

  /** Where the file cannot be written, the cell goes on. */
  #onFile(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      this.#trouble = `Its output could not be kept in ${this.#path}: ${error.message}`;
      this.close();
    }
  }
}

/** Bytes: as much as the history keeps of a step. */
const mostKept = 64 << 20;
