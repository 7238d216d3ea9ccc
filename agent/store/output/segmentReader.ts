import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { OutputChunk } from '../types';
import { decodeHeader, headerBytes } from './frame';
import type { FrameHeader } from './frame';
import type { Segment } from './segments';

/** What a walk shows of one frame. */
export interface FrameView {
  readonly header: FrameHeader;
  /** Where it begins in its segment. */
  readonly position: number;
  /** Reads its bytes; only during the call that shows it. */
  chunk(): OutputChunk;
}

/**
 * Walks the whole frames of a segment in order, from one that begins at `from`, until `visit` returns false. Reads
 * in blocks, never more than one block and one frame at a time. A frame torn by a kill, or being written just now,
 * ends the walk. Returns whether `visit` ended it.
 */
export function walkSegment(segment: Segment, visit: (frame: FrameView) => boolean, from = 0): boolean {
  const fd = openIfThere(segment.path);
  if (fd === undefined) return false;
  try {
    return walk(new Blocks(fd), fstatSync(fd).size, visit, from);
  } finally {
    closeSync(fd);
  }
}

function walk(blocks: Blocks, size: number, visit: (frame: FrameView) => boolean, from: number): boolean {
  for (let position = from; ;) {
    const header = decodeHeader(blocks.read(position, headerBytes), 0);
    const bytesAt = position + headerBytes;
    if (!header || bytesAt + header.length > size) return false;
    const { seq, stream, time, length } = header;
    const chunk = (): OutputChunk => ({
      seq,
      stream,
      time,
      bytes: new Uint8Array(blocks.read(bytesAt, length)),
    });
    if (!visit({ header, position, chunk })) return true;
    position = bytesAt + length;
  }
}

/** A file read block by block, so that walking over thousands of small frames costs few calls. */
class Blocks {
  readonly #fd: number;
  #start = 0;
  #block: Buffer = Buffer.alloc(0);

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** The bytes, fewer where the file ends; good until the next call. */
  read(position: number, length: number): Buffer {
    const offset = position - this.#start;
    if (offset >= 0 && offset + length <= this.#block.length)
      return this.#block.subarray(offset, offset + length);
    this.#fill(position, Math.max(length, blockBytes));
    return this.#block.subarray(0, length);
  }

  #fill(position: number, length: number): void {
    const block = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const got = readSync(this.#fd, block, filled, length - filled, position + filled);
      if (got === 0) break;
      filled += got;
    }
    this.#block = block.subarray(0, filled);
    this.#start = position;
  }
}

const blockBytes = 128 * 1024;

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
