import { closeSync, ftruncateSync, openSync, rmSync, writevSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../makeFolder';
import type { Stream } from '../../protocol/output';
import { withStoreErrors } from '../storeError';
import type { OutputWriter } from '../types';
import { encodeHeader, headerBytes } from './frame';
import { firstSegment, furtherSegment } from './segments';
import type { Segment, StepPlace } from './segments';

/** How much of a step's output is kept, in bytes. */
export interface OutputLimits {
  /** Kept from its beginning. */
  readonly head: number;
  /** Kept, at least, from its end. */
  readonly tail: number;
  /** Size of one file; the unit in which what is between the two is given up. */
  readonly segment: number;
}

export const defaultLimits: OutputLimits = { head: 48 << 20, tail: 16 << 20, segment: 2 << 20 };

/** Writes a step's output to files; see {@link Segment}. The files are made with the first chunk. */
export function openFileWriter(place: StepPlace, limits: OutputLimits): OutputWriter {
  return new FileWriter(place, limits);
}

class FileWriter implements OutputWriter {
  seq = 0;
  bytes = 0;
  readonly #place: StepPlace;
  readonly #limits: OutputLimits;
  readonly #tail: { segment: Segment; cost: number }[] = [];
  #file: { fd: number; size: number; cost: number; path: string } | undefined;
  #headCost = 0;
  #inTail = false;

  constructor(place: StepPlace, limits: OutputLimits) {
    this.#place = place;
    this.#limits = limits;
  }

  append(stream: Stream, bytes: Uint8Array, time: number): number {
    // Tiny chunks cost at least their header, so that a cell which prints byte by byte is bounded as well.
    const cost = Math.max(bytes.length, headerBytes);
    withStoreErrors(this.#file?.path ?? this.#place.folder, () => {
      const file = this.#fileFor(cost);
      const header = encodeHeader({
        stream,
        length: bytes.length,
        seq: this.seq + 1,
        time,
        start: this.bytes,
      });
      writeWhole(file, header, bytes);
      this.#account(file, cost);
    });
    this.seq += 1;
    this.bytes += bytes.length;
    return this.seq;
  }

  close(): void {
    if (this.#file) closeSync(this.#file.fd);
    this.#file = undefined;
  }

  #fileFor(cost: number): { fd: number; size: number; cost: number; path: string } {
    const startTail = !this.#inTail && this.#headCost + cost > this.#limits.head;
    const file = this.#file;
    if (file && !startTail && file.cost + cost <= Math.max(this.#limits.segment, cost)) return file;
    if (startTail) this.#inTail = true;
    return this.#openNext();
  }

  #openNext(): { fd: number; size: number; cost: number; path: string } {
    const segment = this.seq === 0 ? firstSegment(this.#place) : furtherSegment(this.#place, this.seq + 1);
    const fd = openNew(segment.path);
    this.close();
    this.#file = { fd, size: 0, cost: 0, path: segment.path };
    if (this.#inTail) this.#rotate(segment);
    return this.#file;
  }

  #account(file: { cost: number }, cost: number): void {
    file.cost += cost;
    if (!this.#inTail) this.#headCost += cost;
    const current = this.#tail.at(-1);
    if (current) current.cost += cost;
  }

  /** Gives up the oldest segments of the tail that the limit does not need. */
  #rotate(segment: Segment): void {
    let kept = this.#tail.reduce((sum, { cost }) => sum + cost, 0);
    for (
      let oldest = this.#tail[0];
      oldest && kept - oldest.cost >= this.#limits.tail;
      oldest = this.#tail[0]
    ) {
      rmSync(oldest.segment.path, { force: true });
      kept -= oldest.cost;
      this.#tail.shift();
    }
    this.#tail.push({ segment, cost: 0 });
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    makeFolder(dirname(path));
    return openSync(path, 'wx', 0o600);
  }
}

/** Writes the frame or nothing: half of one would end what a reader sees. */
function writeWhole(file: { fd: number; size: number }, header: Buffer, bytes: Uint8Array): void {
  const total = header.length + bytes.length;
  try {
    let written = writevSync(file.fd, [header, bytes], file.size);
    while (written < total) {
      const rest = [header.subarray(written), bytes.subarray(Math.max(0, written - header.length))];
      written += writevSync(file.fd, rest, file.size + written);
    }
  } catch (error) {
    ftruncateSync(file.fd, file.size);
    throw error;
  }
  file.size += total;
}
