import { closeSync, openSync, readSync } from 'node:fs';
import type { OutputChunk } from '../types';
import { decodeHeader, headerBytes } from './frame';
import type { FrameHeader } from './frame';
import type { Segment } from './segments';

/** One frame as it lies in its segment. */
export interface Frame extends FrameHeader {
  /** Reads its bytes; only while the walk that gave it stands on it. */
  read(): OutputChunk;
}

/**
 * Walks the whole frames of a segment in order until `visit` returns false. Reads in blocks, never more than one
 * block and one frame at a time. A frame torn by a kill, or being written just now, ends the walk.
 * Returns whether `visit` ended it.
 */
export function walkSegment(segment: Segment, visit: (frame: Frame) => boolean): boolean {
  const fd = openIfThere(segment.path);
  if (fd === undefined) return false;
  try {
    return walk(new Blocks(fd), visit);
  } finally {
    closeSync(fd);
  }
}

function walk(blocks: Blocks, visit: (frame: Frame) => boolean): boolean {
  for (let position = 0; ;) {
    const at = position;
    const header = decodeHeader(blocks.read(at, headerBytes), 0);
    if (!header || !blocks.has(at + headerBytes, header.length)) return false;
    const read = (): OutputChunk => ({
      seq: header.seq,
      stream: header.stream,
      time: header.time,
      bytes: Uint8Array.from(blocks.read(at + headerBytes, header.length)),
    });
    if (!visit({ ...header, read })) return true;
    position = at + headerBytes + header.length;
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

  /** Whether the file has the bytes; reads the last of them only. */
  has(position: number, length: number): boolean {
    return length === 0 || this.read(position + length - 1, 1).length === 1;
  }

  /** The bytes, fewer where the file ends; good until the next call. */
  read(position: number, length: number): Buffer {
    const offset = position - this.#start;
    if (offset >= 0 && offset + length <= this.#block.length)
      return this.#block.subarray(offset, offset + length);
    const block = Buffer.allocUnsafe(Math.max(length, blockBytes));
    let filled = 0;
    while (filled < block.length) {
      const got = readSync(this.#fd, block, filled, block.length - filled, position + filled);
      if (got === 0) break;
      filled += got;
    }
    this.#block = block.subarray(0, filled);
    this.#start = position;
    return this.#block.subarray(0, length);
  }
}

const blockBytes = 64 * 1024;

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
