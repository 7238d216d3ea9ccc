import type { Stream } from '../../protocol/output';

/**
 * A recorded chunk is a frame: this header, little endian, then the bytes.
 *
 * | at | size | what |
 * | --- | --- | --- |
 * | 0 | 1 | {@link magic} |
 * | 1 | 1 | stream |
 * | 2 | 2 | zero |
 * | 4 | 4 | number of bytes that follow the header |
 * | 8 | 8 | sequence number (double) |
 * | 16 | 8 | time, milliseconds since 1970 (double) |
 * | 24 | 8 | bytes the step had printed before (double) |
 */
export interface FrameHeader {
  readonly stream: Stream;
  readonly length: number;
  readonly seq: number;
  readonly time: number;
  readonly start: number;
}

export const headerBytes = 32;

export function encodeHeader(header: FrameHeader): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes[0] = magic;
  bytes[1] = streams.indexOf(header.stream);
  bytes.writeUInt32LE(header.length, 4);
  bytes.writeDoubleLE(header.seq, 8);
  bytes.writeDoubleLE(header.time, 16);
  bytes.writeDoubleLE(header.start, 24);
  return bytes;
}

/** The header at `offset`, if there is a whole one. */
export function decodeHeader(bytes: Buffer, offset: number): FrameHeader | undefined {
  if (offset + headerBytes > bytes.length || bytes[offset] !== magic) return undefined;
  const stream = streams[bytes[offset + 1] ?? -1];
  if (!stream) return undefined;
  return {
    stream,
    length: bytes.readUInt32LE(offset + 4),
    seq: bytes.readDoubleLE(offset + 8),
    time: bytes.readDoubleLE(offset + 16),
    start: bytes.readDoubleLE(offset + 24),
  };
}

const magic = 0x48;
const streams: readonly Stream[] = ['stdout', 'stderr', 'tty'];
